import type { AskedScope, Permission, RoleBinding, Route } from '@berth/api';
import { environmentNames } from '@berth/contracts';
import { refuse, type ProblemError } from '@berth/platform/errors';
import { abilityOf, can, environmentsOf } from './ability.js';
import type { Caller } from './caller.js';

/** Where permissions hold: everywhere, or in these `<project>/<environment>` entries. */
export type Scopes = 'all' | string[];

/** A project as far as rights need it. */
export interface KnownProject {
  readonly slug: string;
  readonly tenant: string;
}

/** What a person may still do before the first password is replaced. */
const allowedBeforePasswordChange: readonly string[] = ['getSession', 'changePassword', 'logout'];

/** True when the caller has the permission there. `asked.tenant` must be given when the caller has a tenant binding. */
export function may(caller: Caller, permission: Permission, asked: AskedScope): boolean {
  if (caller.machinePermissions) return asked.project === undefined && caller.machinePermissions.includes(permission);
  return can(abilityOf(caller.bindings), permission, asked);
}

/** True when the caller has the permission anywhere at all. */
export function hasSomewhere(caller: Caller, permission: Permission): boolean {
  if (caller.machinePermissions) return caller.machinePermissions.includes(permission);
  if (permission === 'session') return true;
  return caller.bindings.some(({ role, scope }) => boundEnvironments(role, scope, permission).length > 0);
}

/** All places in which the caller has the permission; `projects` are all that its tenant and platform bindings can reach. */
export function scopesOf(caller: Caller, permission: Permission, projects: readonly KnownProject[]): Scopes {
  if (caller.machinePermissions) return [];
  const everywhere = caller.bindings
    .filter(({ scope }) => scope === 'platform')
    .flatMap(({ role }) => environmentsOf(role, permission));
  if (environmentNames.every((name) => everywhere.includes(name))) return 'all';
  const scopes = new Set<string>();
  for (const { role, scope } of caller.bindings)
    for (const environment of boundEnvironments(role, scope, permission))
      for (const slug of projectsOf(scope, projects)) scopes.add(`${slug}/${environment}`);
  return [...scopes].sort();
}

/** True when finding the caller's rights needs to know which projects there are. */
export function needsProjects(caller: Caller): boolean {
  return caller.bindings.some(({ scope }) => scope === 'platform' || scope.startsWith('tenant:'));
}

/** Only the part of the scopes that a list is narrowed to by its own filter. */
export function narrowed(scopes: Scopes, filter: { project?: string; environment?: string }): Scopes {
  if (scopes === 'all') return scopes;
  return scopes.filter((entry) => {
    const [project, environment] = entry.split('/');
    return (
      (filter.project === undefined || filter.project === project) &&
      (filter.environment === undefined || filter.environment === environment)
    );
  });
}

/** The refusal when the first password still has to be changed, or undefined. */
export function passwordRefusal(caller: Caller, route: Pick<Route, 'id'>): ProblemError | undefined {
  if (!caller.mustChangePassword || allowedBeforePasswordChange.includes(route.id)) return undefined;
  return refuse('password_change_required');
}

/** The refusal of a missing right; it says what is missing, where, and what the caller has. */
export function forbidden(caller: Caller, permission: string, asked: AskedScope): ProblemError {
  const scope = asked.project ? [asked.project, asked.environment].filter(Boolean).join('/') : 'platform';
  const held = caller.machinePermissions ?? caller.bindings.map((binding) => `${binding.role} (${binding.scope})`);
  return refuse('forbidden', { permission, scope, roles: held.length > 0 ? held.join(', ') : 'none' });
}

function boundEnvironments(role: RoleBinding['role'], scope: RoleBinding['scope'], permission: Permission) {
  const only = scope.startsWith('environment:') ? scope.split('/')[1] : undefined;
  return environmentsOf(role, permission).filter((name) => only === undefined || name === only);
}

function projectsOf(scope: RoleBinding['scope'], projects: readonly KnownProject[]): string[] {
  if (scope === 'platform') return projects.map(({ slug }) => slug);
  const value = scope.slice(scope.indexOf(':') + 1);
  if (scope.startsWith('tenant:')) return projects.filter(({ tenant }) => tenant === value).map(({ slug }) => slug);
  return [value.split('/')[0] as string];
}
