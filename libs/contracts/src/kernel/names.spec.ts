import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceCode, environmentNames, namespaceOf, parseServiceKey, serviceKey } from './names.js';

describe('names', () => {
  test('a service key is read back into the parts it was made of', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/),
        fc.constantFrom(...environmentNames),
        fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/),
        (project, environment, service) => {
          expect(parseServiceKey(serviceKey({ project, environment, service }))).toEqual({
            project,
            environment,
            service,
          });
        },
      ),
    );
  });

  test('two scopes never share a namespace, because no environment has a dash', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9-]{1,8}$/),
        fc.constantFrom(...environmentNames),
        fc.stringMatching(/^[a-z][a-z0-9-]{1,8}$/),
        fc.constantFrom(...environmentNames),
        (p1, e1, p2, e2) => {
          const same = p1 === p2 && e1 === e2;
          expect(namespaceOf({ project: p1, environment: e1 }) === namespaceOf({ project: p2, environment: e2 })).toBe(
            same,
          );
        },
      ),
    );
  });

  test.each(['kube-proxy', 'Cart', '1cart', 'cart-', 'a'.repeat(41), 'cart_x', ''])(
    'the code %j is refused',
    (code) => {
      expect(ServiceCode.safeParse(code).success).toBe(false);
    },
  );

  test.each(['c', 'cart', 'cart-2', 'a'.repeat(40)])('the code %j is taken', (code) => {
    expect(ServiceCode.safeParse(code).success).toBe(true);
  });
});
