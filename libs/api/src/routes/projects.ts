import { defineRoute } from '../route.js';
import * as projects from '../schemas/project.js';
import { PageQuery, ProjectParams, page } from '../schemas/common.js';
import { api } from './addresses.js';

/** What the CMDB said. */
export const projectRoutes = {
  listProjects: defineRoute({
    id: 'listProjects',
    kind: 'read',
    method: 'GET',
    path: `${api}/projects`,
    owner: 'dolphinsync',
    permission: 'project.read',
    scope: 'set',
    summary: 'Projects the caller may see.',
    query: projects.ProjectsQuery,
    response: projects.ProjectsPage,
  }),
  listCatalogServices: defineRoute({
    id: 'listCatalogServices',
    kind: 'read',
    method: 'GET',
    path: `${api}/projects/:project/catalog-services`,
    owner: 'dolphinsync',
    permission: 'project.read',
    scope: 'url',
    summary: 'Services of the project as the CMDB knows them.',
    params: ProjectParams,
    query: PageQuery,
    response: page(projects.CatalogService),
  }),
} as const;
