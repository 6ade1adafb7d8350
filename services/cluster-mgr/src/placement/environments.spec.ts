import { describe, expect, test } from '@jest/globals';
import { EnvironmentClustersText } from './environments.js';

describe('the clusters of environments, as text', () => {
  test('are read by environment', () => {
    expect(EnvironmentClustersText.parse('prod=beijing,shanghai; dev=beijing')).toEqual({
      prod: ['beijing', 'shanghai'],
      dev: ['beijing'],
    });
  });

  test.each(['live=beijing', 'prod', 'prod=', 'prod=Bei Jing'])('%j is refused', (text) => {
    expect(EnvironmentClustersText.safeParse(text).success).toBe(false);
  });
});
