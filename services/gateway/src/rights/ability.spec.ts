import { describe, expect, test } from '@jest/globals';
import { allows, permissions, roleNames, type AskedScope, type BindingScope } from '@berth/api';
import { environmentNames } from '@berth/contracts';
import fc from 'fast-check';
import { abilityOf, can } from './ability.js';

const scopes: BindingScope[] = [
  'platform',
  'tenant:t1',
  'project:shop',
  'project:shop-two',
  ...environmentNames.map((name) => `environment:shop/${name}` as const),
];
const places: AskedScope[] = [
  {},
  { tenant: 't1' },
  ...['shop', 'shop-two', 'other'].flatMap((project) => [
    { project },
    { project, tenant: 't1' },
    ...environmentNames.flatMap((environment) => [
      { project, environment },
      { project, environment, tenant: 't1' },
      { project, environment, tenant: 't2' },
    ]),
  ]),
];

describe('the CASL ability', () => {
  test('says what `allows` says for all 7 roles, 8 scopes, 21 permissions and 44 places', () => {
    for (const role of roleNames)
      for (const scope of scopes) {
        const bindings = [{ role, scope }];
        const ability = abilityOf(bindings);
        for (const permission of permissions)
          for (const asked of places)
            if (can(ability, permission, asked) !== allows(bindings, permission, asked))
              throw new Error(`${role} in ${scope}: ${permission} in ${JSON.stringify(asked)}`);
      }
    expect(places).toHaveLength(44);
  });

  test('adds roles up and never takes one away', () => {
    const binding = fc.record({ role: fc.constantFrom(...roleNames), scope: fc.constantFrom(...scopes) });
    fc.assert(
      fc.property(
        fc.array(binding, { maxLength: 5 }),
        fc.constantFrom(...permissions),
        fc.constantFrom(...places),
        (bindings, permission, asked) =>
          can(abilityOf(bindings), permission, asked) === allows(bindings, permission, asked),
      ),
      { numRuns: 2_000 },
    );
  });
});
