import { describe, expect, test } from '@jest/globals';
import { allows, permissions, roleNames, type BindingScope, type RoleBinding } from '@berth/api';
import { environmentNames } from '@berth/contracts';
import fc from 'fast-check';
import type { Caller } from './caller.js';
import { forbidden, hasSomewhere, may, narrowed, passwordRefusal, scopesOf } from './rights.js';

const projects = [
  { slug: 'shop', tenant: 't1' },
  { slug: 'pay', tenant: 't1' },
  { slug: 'wealth', tenant: 't2' },
];
const aCaller = (bindings: RoleBinding[], given: Partial<Caller> = {}): Caller => ({
  userId: 'u',
  userName: 'lin',
  displayName: '林晓',
  sessionId: 's',
  channel: 'portal',
  bindings,
  mustChangePassword: false,
  ...given,
});

describe('the scopes of a caller', () => {
  test('are all for an operator of the platform', () => {
    expect(scopesOf(aCaller([{ role: 'operator', scope: 'platform' }]), 'service.read', projects)).toBe('all');
  });

  test('are 9 of 12 for a developer of the platform who wants to deploy: no production', () => {
    const scopes = scopesOf(aCaller([{ role: 'developer', scope: 'platform' }]), 'service.deploy', projects);
    expect(scopes).toHaveLength(9);
    expect(scopes).not.toContain('shop/prod');
  });

  test('are the 8 of its two projects for a viewer of a business line', () => {
    const scopes = scopesOf(aCaller([{ role: 'viewer', scope: 'tenant:t1' }]), 'service.read', projects);
    expect(scopes).toHaveLength(8);
    expect(scopes).not.toContain('wealth/dev');
  });

  test('are exactly the places that `allows` allows, for any roles', () => {
    const scope = fc.constantFrom<BindingScope>(
      'platform',
      'tenant:t1',
      'project:shop',
      'environment:pay/prod',
      'environment:pay/dev',
    );
    const binding = fc.record({ role: fc.constantFrom(...roleNames), scope });
    const wanted = permissions.filter((permission) => permission !== 'session');
    fc.assert(
      fc.property(fc.array(binding, { maxLength: 4 }), fc.constantFrom(...wanted), (bindings, permission) => {
        const scopes = scopesOf(aCaller(bindings), permission, projects);
        for (const { slug: project, tenant } of projects)
          for (const environment of environmentNames) {
            const isIn = scopes === 'all' || scopes.includes(`${project}/${environment}`);
            expect(isIn).toBe(allows(bindings, permission, { project, environment, tenant }));
          }
        expect(hasSomewhere(aCaller(bindings), permission)).toBe(scopes === 'all' || scopes.length > 0);
      }),
    );
  });

  test('are narrowed to the project and environment of a list’s own filter', () => {
    const scopes = ['pay/dev', 'shop/dev', 'shop/prod'];
    expect(narrowed(scopes, { project: 'shop' })).toEqual(['shop/dev', 'shop/prod']);
    expect(narrowed(scopes, { project: 'shop', environment: 'prod' })).toEqual(['shop/prod']);
    expect(narrowed('all', { project: 'shop' })).toBe('all');
  });
});

describe('a machine token', () => {
  const machine = aCaller([], { machinePermissions: ['cmdb.push'] });

  test('has its one permission on the platform and no session', () => {
    expect(may(machine, 'cmdb.push', {})).toBe(true);
    expect(permissions.filter((permission) => hasSomewhere(machine, permission))).toEqual(['cmdb.push']);
    expect(may(machine, 'session', {})).toBe(false);
    expect(scopesOf(machine, 'cmdb.push', projects)).toEqual([]);
  });
});

describe('refusals', () => {
  test('a first password allows 3 routes', () => {
    const caller = aCaller([], { mustChangePassword: true });
    const ids = ['getSession', 'changePassword', 'logout', 'listServices', 'feed', 'deployService'];
    expect(ids.filter((id) => passwordRefusal(caller, { id }) === undefined)).toEqual(ids.slice(0, 3));
  });

  test('a missing right says which, where, and what the caller has', () => {
    const caller = aCaller([{ role: 'developer', scope: 'project:shop' }]);
    expect(forbidden(caller, 'service.deploy', { project: 'shop', environment: 'prod' }).problem.params).toEqual({
      permission: 'service.deploy',
      scope: 'shop/prod',
      roles: 'developer (project:shop)',
    });
  });
});
