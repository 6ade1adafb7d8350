import { permissions, type Me, type User } from '@berth/api';
import { ago, minute, uuid } from './basics.js';

const portal = 'portal' as const;
export const people = {
  admin: { id: uuid(), name: '陈敏', username: 'chenmin', channel: portal },
  dev: { id: uuid(), name: '林晓', username: 'linxiao', channel: portal },
  ops: { id: uuid(), name: '周航', username: 'zhouhang', channel: portal },
};

export const me: Me = {
  id: people.admin.id,
  username: 'admin',
  name: '陈敏',
  mustChangePassword: false,
  bindings: [{ role: 'platform-admin', scope: 'platform' }],
  platformPermissions: permissions.filter((permission) => permission !== 'cmdb.push'),
  csrfToken: 'fixture',
};

export const users: User[] = [
  {
    id: people.admin.id,
    username: 'chenmin',
    name: '陈敏',
    active: true,
    mustChangePassword: false,
    sample: null,
    lastLoginAt: ago(minute),
    sessions: 1,
    bindings: [{ role: 'platform-admin', scope: 'platform', givenBy: null, givenAt: null }],
  },
  {
    id: people.ops.id,
    username: 'zhouhang',
    name: '周航',
    active: true,
    mustChangePassword: false,
    sample: null,
    lastLoginAt: ago(200 * minute),
    sessions: 1,
    bindings: [{ role: 'operator', scope: 'platform', givenBy: 'chenmin', givenAt: ago(3 * 24 * 60 * minute) }],
  },
  {
    id: people.dev.id,
    username: 'linxiao',
    name: '林晓',
    active: true,
    mustChangePassword: true,
    sample: null,
    lastLoginAt: null,
    sessions: 1,
    bindings: [
      { role: 'developer', scope: 'tenant:wm', givenBy: 'chenmin', givenAt: ago(3 * 24 * 60 * minute) },
      { role: 'owner', scope: 'environment:wealth/test', givenBy: 'chenmin', givenAt: ago(3 * 24 * 60 * minute) },
    ],
  },
];
