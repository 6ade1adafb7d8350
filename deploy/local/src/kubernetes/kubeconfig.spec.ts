import { describe, expect, test } from '@jest/globals';
import { nameOfKubeconfig } from './kubeconfig.js';

describe('the name of a given cluster', () => {
  test('it is the current context as a DNS label', () => {
    expect(nameOfKubeconfig('current-context: kind-One@admin', 'a.yaml')).toBe('kind-one-admin');
    expect(nameOfKubeconfig('current-context: 2-beijing.', 'a.yaml')).toBe('beijing');
  });

  test('without a context it is the name of the file', () => {
    expect(nameOfKubeconfig('kind: Config', 'shanghai.kubeconfig')).toBe('shanghai');
    expect(nameOfKubeconfig('', '123')).toBe('cluster');
  });
});
