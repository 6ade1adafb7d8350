import { projectRoleNames, type RoleBinding, type RoleName } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import type { Scopes } from '../rights/rights.js';

export interface MemberBindings {
  readonly userId: string;
  readonly active: boolean;
  readonly bindings: readonly RoleBinding[];
}

/** True when somebody who can log in administers the platform. */
export function hasAdmin(members: readonly MemberBindings[]): boolean {
  return members.some(
    ({ active, bindings }) =>
      active && bindings.some(({ role, scope }) => role === 'platform-admin' && scope === 'platform'),
  );
}

/** True when this change of a user would leave the platform without an administrator. */
export function losesLastAdmin(
  members: readonly MemberBindings[],
  userId: string,
  change: Partial<Pick<MemberBindings, 'active' | 'bindings'>>,
): boolean {
  return !hasAdmin(members.map((member) => (member.userId === userId ? { ...member, ...change } : member)));
}

/** The same bindings, each once. */
export function distinct(bindings: readonly RoleBinding[]): RoleBinding[] {
  return [...new Map(bindings.map((binding) => [nameOf(binding), binding])).values()];
}

/** A role within a project; without an environment it counts in all of them. */
export interface ProjectRole {
  readonly role: (typeof projectRoleNames)[number];
  readonly environment: EnvironmentName | null;
}

export type ProjectChange =
  | { readonly kind: 'bindings'; readonly bindings: RoleBinding[] }
  /** The caller may not give a role there. */
  | { readonly kind: 'beyond'; readonly environment: EnvironmentName | null };

/**
 * The bindings of a user after somebody who reaches `scopes` replaced their roles in a project. What is bound elsewhere,
 * where the caller does not reach, or is no role of a project stays as it is.
 */
export function withProjectRoles(
  current: readonly RoleBinding[],
  project: string,
  wanted: readonly ProjectRole[],
  scopes: Scopes,
): ProjectChange {
  const reaches = (environment: EnvironmentName | null) =>
    scopes === 'all' ||
    (environment === null ? environmentNames : [environment]).every((name) => scopes.includes(`${project}/${name}`));
  const beyond = wanted.find(({ environment }) => !reaches(environment));
  if (beyond) return { kind: 'beyond', environment: beyond.environment };
  const kept = current.filter(({ role, scope }) => {
    const environment = environmentIn(project, scope);
    return environment === undefined || !isProjectRole(role) || !reaches(environment);
  });
  const given = wanted.map(({ role, environment }): RoleBinding => ({ role, scope: scopeOf(project, environment) }));
  return { kind: 'bindings', bindings: distinct([...kept, ...given]) };
}

/** What changed, for the audit log: `+developer project:shop −viewer platform`. Empty when nothing did. */
export function changeText(before: readonly RoleBinding[], after: readonly RoleBinding[]): string {
  const [old, now] = [before, after].map((list) => distinct(list).map(nameOf)) as [string[], string[]];
  return [
    ...now.filter((name) => !old.includes(name)).map((name) => `+${name}`),
    ...old.filter((name) => !now.includes(name)).map((name) => `−${name}`),
  ].join(' ');
}

function nameOf({ role, scope }: RoleBinding): string {
  return `${role} ${scope}`;
}

function scopeOf(project: string, environment: EnvironmentName | null): RoleBinding['scope'] {
  return environment === null ? `project:${project}` : `environment:${project}/${environment}`;
}

/** The environment a scope within the project is bound to, null for the whole project, undefined for another scope. */
function environmentIn(project: string, scope: RoleBinding['scope']): EnvironmentName | null | undefined {
  if (scope === scopeOf(project, null)) return null;
  return environmentNames.find((name) => scope === scopeOf(project, name));
}

function isProjectRole(role: RoleName): boolean {
  return (projectRoleNames as readonly string[]).includes(role);
}
