import { permissions, type Me, type User } from '@berth/api';
import { ago, minute, uuid } from './basics.js';

const portal = 'portal' as const;
export const people = {
  admin: { id: uuid(), name: '陈敏', channel: portal },
  dev: { id: uuid(), name: '林晓', channel: portal },
  ops: { id: uuid(), name: '周航', channel: portal },
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
    lastLoginAt: ago(minute),
    bindings: [{ role: 'platform-admin', scope: 'platform' }],
  },
  {
    id: people.ops.id,
    username: 'zhouhang',
    name: '周航',
    active: true,
    mustChangePassword: false,
    lastLoginAt: ago(200 * minute),
    bindings: [{ role: 'operator', scope: 'platform' }],
  },
  {
    id: people.dev.id,
    username: 'linxiao',
    name: '林晓',
    active: true,
    mustChangePassword: true,
    lastLoginAt: null,
    bindings: [
      { role: 'developer', scope: 'tenant:wm' },
      { role: 'owner', scope: 'environment:wealth/test' },
    ],
  },
];
