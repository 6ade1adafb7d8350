import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allows, permissions, roleNames, roles, type BindingScope, type RoleBinding } from './rights.js';

const bound = (role: RoleBinding['role'], scope: BindingScope): RoleBinding[] => [{ role, scope }];

describe('allows', () => {
  test.each([
    [
      'a developer of the project deploys in test',
      bound('developer', 'project:shop'),
      'service.deploy',
      { project: 'shop', environment: 'test' },
      true,
    ],
    [
      'a developer of the project may not deploy in production',
      bound('developer', 'project:shop'),
      'service.deploy',
      { project: 'shop', environment: 'prod' },
      false,
    ],
    [
      'a developer reads logs in production',
      bound('developer', 'project:shop'),
      'service.logs',
      { project: 'shop', environment: 'prod' },
      true,
    ],
    [
      'a developer of another project sees nothing',
      bound('developer', 'project:other'),
      'service.read',
      { project: 'shop', environment: 'test' },
      false,
    ],
    [
      'a maintainer bound to prod only deploys there',
      bound('maintainer', 'environment:shop/prod'),
      'service.deploy',
      { project: 'shop', environment: 'prod' },
      true,
    ],
    [
      'and not in test',
      bound('maintainer', 'environment:shop/prod'),
      'service.deploy',
      { project: 'shop', environment: 'test' },
      false,
    ],
    [
      'an owner of a business line deploys in all its projects',
      bound('owner', 'tenant:wealth'),
      'service.deploy',
      { tenant: 'wealth', project: 'shop', environment: 'prod' },
      true,
    ],
    [
      'and not in those of another line',
      bound('owner', 'tenant:wealth'),
      'service.deploy',
      { tenant: 'pay', project: 'gate', environment: 'prod' },
      false,
    ],
    [
      'an operator restarts everywhere',
      bound('operator', 'platform'),
      'service.restart',
      { project: 'shop', environment: 'prod' },
      true,
    ],
    ['an operator sees no members', bound('operator', 'platform'), 'member.manage', {}, false],
    [
      'an operator may not write secrets',
      bound('operator', 'platform'),
      'secret.write',
      { project: 'shop', environment: 'prod' },
      false,
    ],
    ['an owner of a project has no right on the platform', bound('owner', 'project:shop'), 'member.manage', {}, false],
    [
      'an auditor reads the audit and no logs',
      bound('auditor', 'platform'),
      'service.logs',
      { project: 'shop', environment: 'prod' },
      false,
    ],
    [
      'nobody pushes as the CMDB by a role, not even an admin',
      bound('platform-admin', 'platform'),
      'cmdb.push',
      {},
      false,
    ],
    [
      'a project whose name begins like the bound one is another project',
      bound('owner', 'project:shop'),
      'service.read',
      { project: 'shop2', environment: 'dev' },
      false,
    ],
  ] as const)('%s', (_, bindings, permission, asked, expected) => {
    expect(allows([...bindings], permission, asked)).toBe(expected);
  });

  test('no bindings, no right, but the own session', () => {
    for (const permission of permissions)
      expect(allows([], permission, { project: 'shop', environment: 'dev' })).toBe(permission === 'session');
  });

  test('another binding never takes a right away', () => {
    const binding = fc.record({
      role: fc.constantFrom(...roleNames),
      scope: fc.constantFrom<BindingScope>('platform', 'tenant:a', 'project:shop', 'environment:shop/prod'),
    });
    fc.assert(
      fc.property(
        fc.array(binding),
        binding,
        fc.constantFrom(...permissions),
        fc.constantFrom('dev', 'prod' as const),
        (some, more, permission, environment) => {
          const asked = { tenant: 'a', project: 'shop', environment } as const;
          if (allows(some, permission, asked)) expect(allows([...some, more], permission, asked)).toBe(true);
        },
      ),
    );
  });

  test('no role may do in production what it may not do elsewhere', () => {
    for (const role of roleNames)
      for (const permission of roles[role].production) expect(roles[role].elsewhere).toContain(permission);
  });
});
