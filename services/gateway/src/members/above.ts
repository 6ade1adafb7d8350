import { allows, roles, routeTable, type AskedScope, type Permission, type RoleBinding } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';

/** A permission that somebody lacks, and where. */
export interface Missing {
  readonly permission: Permission;
  readonly asked: AskedScope;
}

/** Permissions that some address asks for within a project or over many; the others count only on the platform. */
const belowPlatform = new Set(routeTable.filter(({ scope }) => scope !== 'none').map(({ permission }) => permission));

/**
 * The first permission of these roles that `own` does not give at the same place: nobody gives or takes a role above the
 * own, nor takes over the account of somebody who has one. Undefined when there is none.
 */
export function aboveOwn(own: readonly RoleBinding[], bindings: readonly RoleBinding[]): Missing | undefined {
  return bindings.flatMap(partsOf).find(({ permission, asked }) => !allows(own, permission, asked));
}

/** Bindings that are in only one of the two lists: what a change gives or takes. */
export function changedBindings(before: readonly RoleBinding[], after: readonly RoleBinding[]): RoleBinding[] {
  const isIn = (list: readonly RoleBinding[], { role, scope }: RoleBinding) =>
    list.some((other) => other.role === role && other.scope === scope);
  return [...after.filter((one) => !isIn(before, one)), ...before.filter((one) => !isIn(after, one))];
}

function partsOf({ role, scope }: RoleBinding): Missing[] {
  const [place, only] = placeOf(scope);
  return environmentNames
    .filter((environment) => only === undefined || environment === only)
    .flatMap((environment) =>
      roles[role][environment === 'prod' ? 'production' : 'elsewhere']
        .filter((permission) => scope === 'platform' || belowPlatform.has(permission))
        .map((permission) => ({ permission, asked: { ...place, environment } })),
    );
}

function placeOf(scope: RoleBinding['scope']): [AskedScope, EnvironmentName | undefined] {
  if (scope === 'platform') return [{}, undefined];
  const [kind, value = ''] = scope.split(':', 2);
  if (kind === 'tenant') return [{ tenant: value }, undefined];
  const [project = '', environment] = value.split('/') as [string?, EnvironmentName?];
  return [{ project }, environment];
}
