import { describe, expect, test } from '@jest/globals';
import { emptyDeploy, emptySpec } from './draft.js';
import { madeIn } from './made.js';

const draft = { ...emptyDeploy, code: 'cart', spec: { ...emptySpec, image: 'hub/cart:1' } };
const place = { project: 'shop', environment: 'test' as const };
const other = { code: 'order', clusters: [{ cluster: 'beijing' }] };

describe('what a deploy makes in a cluster', () => {
  test('the namespace is there when another service of the project runs in that cluster, and only there', () => {
    expect(madeIn('beijing', 2, place, draft, [other])[0]).toEqual({
      kind: 'namespace',
      name: 'shop-test',
      isNew: false,
    });
    expect(madeIn('shanghai', 2, place, draft, [other])[0]).toEqual({
      kind: 'namespace',
      name: 'shop-test',
      isNew: true,
    });
  });

  test('a service with 1 port has 3 objects: namespace, containers, address', () => {
    expect(madeIn('beijing', 2, place, draft, []).slice(1)).toEqual([
      { kind: 'containers', name: 'cart', count: 2, isNew: true },
      { kind: 'address', name: '8080', isNew: true },
    ]);
  });

  test('a worker has no address; 2 secrets are one line with their names', () => {
    const secret = (name: string) => ({ name, value: 'x', secret: true, version: null });
    const spec = { ...draft.spec, ports: [], variables: [secret('A'), secret('B')] };
    expect(madeIn('beijing', 1, place, { ...draft, spec }, []).slice(1)).toEqual([
      { kind: 'containers', name: 'cart', count: 1, isNew: true },
      { kind: 'secrets', name: 'A, B', count: 2, isNew: true },
    ]);
  });
});
