import { describe, expect, test } from '@jest/globals';
import { roleNames, type RoleBinding } from '@berth/api';
import { aboveOwn } from './above.js';

const of = (text: string): RoleBinding[] =>
  text
    .split(', ')
    .filter(Boolean)
    .map((binding) => {
      const [role, scope] = binding.split(' ');
      return { role, scope } as RoleBinding;
    });

describe('the roles that somebody may give, take or reset', () => {
  test.each<[own: string, given: string, missing: string | undefined]>([
    ['platform-admin platform', 'platform-admin platform', undefined],
    ['platform-admin platform', 'operator platform, auditor tenant:t1, owner environment:shop/prod', undefined],
    [
      'owner platform',
      'owner platform, maintainer tenant:t1, developer project:shop, viewer environment:shop/dev',
      undefined,
    ],
    ['owner platform', 'platform-admin platform', 'cluster.manage'],
    ['owner platform', 'operator platform', 'cluster.manage'],
    ['owner platform', 'auditor platform', 'cmdb.read'],
    // What only the platform asks for counts for nothing below it.
    ['owner platform', 'auditor project:shop, operator project:shop, platform-admin tenant:t1', undefined],
    ['operator platform', 'viewer project:shop', undefined],
    ['operator platform', 'developer project:shop', 'service.deploy'],
    ['owner tenant:t1', 'owner tenant:t1', undefined],
    ['owner tenant:t1', 'viewer tenant:t2', 'project.read'],
    ['owner tenant:t1', 'viewer platform', 'project.read'],
    ['owner project:shop', 'owner project:shop, developer environment:shop/test', undefined],
    ['owner project:shop', 'viewer project:pay', 'project.read'],
    ['owner environment:shop/test', 'developer environment:shop/test', undefined],
    ['owner environment:shop/test', 'viewer project:shop', 'project.read'],
    ['developer project:shop', 'maintainer environment:shop/dev', undefined],
    ['developer project:shop', 'maintainer environment:shop/prod', 'service.deploy'],
    ['viewer platform, owner project:shop', 'owner project:shop, viewer project:pay', undefined],
    ['', '', undefined],
    ['', 'viewer project:shop', 'project.read'],
  ])('%s may %s unless they lack %s', (own, given, missing) =>
    expect(aboveOwn(of(own), of(given))?.permission).toBe(missing),
  );

  test('of an administrator are all 7, and of each role its own', () => {
    for (const role of roleNames) {
      expect(aboveOwn(of('platform-admin platform'), of(`${role} platform`))).toBeUndefined();
      expect(aboveOwn(of(`${role} platform`), of(`${role} platform`))).toBeUndefined();
    }
  });

  test('say where the right is missing', () => {
    expect(aboveOwn(of('owner project:shop'), of('viewer environment:pay/prod'))).toEqual({
      permission: 'project.read',
      asked: { project: 'pay', environment: 'prod' },
    });
  });
});
