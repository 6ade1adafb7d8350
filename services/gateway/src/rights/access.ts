import type { AskedScope, Permission, Route } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import type { Database } from '@berth/platform/postgres';
import type { ProjectStore } from '../projects/projects.store.pg.js';
import type { Caller } from './caller.js';
import { forbidden, hasSomewhere, may, needsProjects, scopesOf, type Scopes } from './rights.js';

/** Answers what a caller may do with the bindings of this moment and the projects as the CMDB names them. */
export class Access {
  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly projects: ProjectStore,
  ) {}

  /**
   * The scopes with which the caller may use the route.
   * @throws ProblemError `forbidden`
   */
  async require(caller: Caller, route: Route, params: Readonly<Record<string, unknown>>): Promise<Scopes> {
    const permission = route.permission as Permission;
    if (route.scope === 'set') {
      if (!hasSomewhere(caller, permission)) throw forbidden(caller, permission, {});
      return this.scopes(caller, permission);
    }
    const asked = route.scope === 'url' ? await this.askedOf(caller, params) : {};
    if (!may(caller, permission, asked)) throw forbidden(caller, permission, asked);
    if (asked.project === undefined) return 'all';
    if (asked.environment) return [`${asked.project}/${asked.environment}`];
    return withinProject(caller, permission, asked);
  }

  /** All places in which the caller has the permission. */
  async scopes(caller: Caller, permission: Permission): Promise<Scopes> {
    const withoutProjects = scopesOf(caller, permission, []);
    if (withoutProjects === 'all' || !needsProjects(caller)) return withoutProjects;
    return scopesOf(caller, permission, await this.projects.all(this.database));
  }

  private async askedOf(caller: Caller, params: Readonly<Record<string, unknown>>): Promise<AskedScope> {
    const project = String(params.project);
    const environment = params.environment as EnvironmentName | undefined;
    const hasTenant = caller.bindings.some(({ scope }) => scope.startsWith('tenant:'));
    const tenant = hasTenant ? await this.projects.tenantOf(this.database, project) : undefined;
    return { project, ...(environment && { environment }), ...(tenant !== undefined && { tenant }) };
  }
}

function withinProject(caller: Caller, permission: Permission, asked: AskedScope): Scopes {
  return environmentNames
    .filter((environment) => may(caller, permission, { ...asked, environment }))
    .map((environment) => `${asked.project}/${environment}`);
}
