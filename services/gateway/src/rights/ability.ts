import { roles, type AskedScope, type Permission, type RoleBinding } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { createMongoAbility, type MongoAbility, type MongoQuery, type RawRuleOf } from '@casl/ability';

/** Something one asks about: one environment of one project of one business line, as far as they are known. */
interface Place {
  readonly tenant?: string;
  readonly project?: string;
  readonly environment?: EnvironmentName;
}
export type Ability = MongoAbility<[Permission, 'place' | Place], MongoQuery<Place>>;

/** Environments in which a role has a permission, wherever it is bound. */
export function environmentsOf(role: RoleBinding['role'], permission: Permission): EnvironmentName[] {
  return environmentNames.filter((environment) =>
    roles[role][environment === 'prod' ? 'production' : 'elsewhere'].includes(permission),
  );
}

/** The bindings of a user as a CASL ability. Its answers are those of `allows` in libs/api; a spec compares them all. */
export function abilityOf(bindings: readonly RoleBinding[]): Ability {
  return createMongoAbility<Ability>(bindings.flatMap(rulesOf), { detectSubjectType: () => 'place' });
}

/** Asked of the platform as a whole without a project; asked of any environment without one. */
export function can(ability: Ability, permission: Permission, asked: AskedScope): boolean {
  if (permission === 'session') return true;
  const environments = asked.environment ? [asked.environment] : environmentNames;
  return environments.some((environment) =>
    ability.can(permission, { tenant: asked.tenant, project: asked.project, environment }),
  );
}

function rulesOf({ role, scope }: RoleBinding): RawRuleOf<Ability>[] {
  const permissions = new Set([...roles[role].production, ...roles[role].elsewhere]);
  return [...permissions].map((permission) => ({
    action: permission,
    subject: 'place' as const,
    conditions: { ...placeOf(scope), ...environmentCondition(scope, environmentsOf(role, permission)) },
  }));
}

function placeOf(scope: RoleBinding['scope']): MongoQuery<Place> {
  if (scope === 'platform') return {};
  const [kind, value = ''] = scope.split(':', 2);
  if (kind === 'tenant') return { tenant: value };
  return { project: value.split('/')[0] as string };
}

function environmentCondition(scope: RoleBinding['scope'], environments: EnvironmentName[]): MongoQuery<Place> {
  const bound = scope.startsWith('environment:') ? scope.split('/')[1] : undefined;
  return { environment: { $in: environments.filter((name) => bound === undefined || name === bound) } };
}
