import { roleNames, roles, type Finding, type Permission, type RoleName } from '@berth/api';
import type { ServiceSearch } from '../search.js';

/** Where the button of a finding leads. */
export type ActionTarget =
  | { readonly tab: 'settings' | 'releases' | 'logs' | 'events'; readonly search: ServiceSearch }
  | { readonly cluster: string };

const permissions: Readonly<Record<Finding['actions'][number]['code'], Permission>> = {
  edit_settings: 'service.deploy',
  add_variable: 'service.deploy',
  raise_memory: 'service.deploy',
  edit_probe: 'service.deploy',
  rollback: 'service.rollback',
  open_log: 'service.logs',
  open_events: 'service.read',
  open_cluster: 'cluster.read',
};

/** What one must be allowed to, so that the button leads to more than a refusal. */
export const permissionFor = ({ code }: Pick<Finding['actions'][number], 'code'>): Permission => permissions[code];

/** Roles of a project that give the permission in the environment: whom to ask. */
export function rolesWith(permission: Permission, environment: string): RoleName[] {
  const where = environment === 'prod' ? 'production' : 'elsewhere';
  return roleNames.filter((role) => role !== 'platform-admin' && roles[role][where].includes(permission));
}

/** Straight to the place where it is done, filled in. */
export function targetOf({ code, params }: Finding['actions'][number]): ActionTarget {
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : undefined);
  const number = (name: string) => (typeof params[name] === 'number' ? params[name] : undefined);
  switch (code) {
    case 'edit_settings':
      return { tab: 'settings', search: { edit: text('field') ?? 'image', name: text('name') } };
    case 'add_variable':
      return { tab: 'settings', search: { edit: 'variable', name: text('name') } };
    case 'raise_memory':
      return { tab: 'settings', search: { edit: 'memory', value: String(number('memoryMiB') ?? '') } };
    case 'edit_probe':
      return { tab: 'settings', search: { edit: text('probe') ?? 'readiness' } };
    case 'rollback':
      return { tab: 'releases', search: { back: number('release') } };
    case 'open_log':
      return {
        tab: 'logs',
        search: {
          cluster: text('cluster'),
          container: text('container'),
          ...(params.previous === true && { previous: true }),
        },
      };
    case 'open_events':
      return { tab: 'events', search: {} };
    case 'open_cluster':
      return { cluster: text('cluster') ?? '' };
  }
}
