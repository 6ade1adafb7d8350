import { environmentNames, type EnvironmentName } from '@berth/contracts';

/** What one may do. A route names exactly one of these. */
export const permissions = [
  'session',
  'project.read',
  'service.read',
  'service.logs',
  'service.deploy',
  'service.rollback',
  'service.scale',
  'service.restart',
  'service.startStop',
  'service.pause',
  'service.delete',
  'secret.write',
  'operation.read',
  'cluster.read',
  'cluster.manage',
  'cmdb.read',
  'cmdb.push',
  'cmdb.pull',
  'cmdb.manage',
  'member.read',
  'member.manage',
  'audit.read',
  'platform.read',
  'deadLetter.manage',
] as const;
export type Permission = (typeof permissions)[number];

export const roleNames = [
  'platform-admin',
  'operator',
  'owner',
  'maintainer',
  'developer',
  'viewer',
  'auditor',
] as const;
export type RoleName = (typeof roleNames)[number];

const read: Permission[] = ['project.read', 'service.read', 'service.logs', 'operation.read'];
const change: Permission[] = [
  'service.deploy',
  'service.rollback',
  'service.scale',
  'service.restart',
  'service.startStop',
  'service.pause',
  'service.delete',
  'secret.write',
];

/**
 * The rights matrix. `production` is what the role may do in `prod`; `elsewhere` in the other environments. A role is
 * bound to the platform, a business line (`tenant:<code>`), a project (`project:<slug>`) or one environment
 * (`environment:<slug>/<name>`) and counts there and below.
 */
export const roles: Readonly<
  Record<RoleName, { readonly elsewhere: readonly Permission[]; readonly production: readonly Permission[] }>
> = {
  'platform-admin': same([...permissions].filter((permission) => permission !== 'cmdb.push')),
  operator: same([
    ...read,
    'service.restart',
    'service.scale',
    'service.startStop',
    'service.pause',
    'service.rollback',
    'cluster.read',
    'cluster.manage',
    'cmdb.read',
    'platform.read',
    'deadLetter.manage',
    'audit.read',
  ]),
  owner: same([...read, ...change, 'cluster.read', 'member.read', 'member.manage', 'audit.read']),
  maintainer: same([...read, ...change, 'cluster.read', 'member.read']),
  developer: {
    elsewhere: [...read, ...change, 'cluster.read', 'member.read'],
    production: [...read, 'cluster.read', 'member.read'],
  },
  viewer: same(['project.read', 'service.read', 'operation.read', 'cluster.read']),
  auditor: same([
    ...read.filter((permission) => permission !== 'service.logs'),
    'audit.read',
    'member.read',
    'cmdb.read',
    'cluster.read',
    'platform.read',
  ]),
};

function same(list: Permission[]): { elsewhere: Permission[]; production: Permission[] } {
  return { elsewhere: list, production: list };
}

/** Where a role is bound. */
export type BindingScope =
  'platform' | `tenant:${string}` | `project:${string}` | `environment:${string}/${EnvironmentName}`;

export interface RoleBinding {
  readonly role: RoleName;
  readonly scope: BindingScope;
}

/** Where a permission is asked for. Without a project it is asked of the platform as a whole. */
export interface AskedScope {
  readonly tenant?: string;
  readonly project?: string;
  readonly environment?: EnvironmentName;
}

/** True when one of the bindings gives the permission there. Asking without a project needs a platform binding; asking without an environment needs it in some environment. */
export function allows(bindings: readonly RoleBinding[], permission: Permission, asked: AskedScope): boolean {
  if (permission === 'session') return true;
  return bindings.some((binding) => {
    if (!reaches(binding.scope, asked)) return false;
    const bound = binding.scope.startsWith('environment:') ? binding.scope.split('/')[1] : undefined;
    const environments = asked.environment
      ? [asked.environment]
      : environmentNames.filter((name) => bound === undefined || name === bound);
    return environments.some((environment) =>
      roles[binding.role][environment === 'prod' ? 'production' : 'elsewhere'].includes(permission),
    );
  });
}

function reaches(scope: BindingScope, asked: AskedScope): boolean {
  if (scope === 'platform') return true;
  if (scope.startsWith('tenant:')) return asked.tenant !== undefined && scope === `tenant:${asked.tenant}`;
  if (scope.startsWith('project:')) return asked.project !== undefined && scope === `project:${asked.project}`;
  if (asked.project === undefined) return false;
  return asked.environment
    ? scope === `environment:${asked.project}/${asked.environment}`
    : scope.startsWith(`environment:${asked.project}/`);
}
