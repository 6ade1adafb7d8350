import { z } from 'zod';
import type { Route } from './route.js';
import { auditRoutes } from './routes/audit.js';
import { clusterRoutes } from './routes/clusters.js';
import { cmdbRoutes } from './routes/cmdb.js';
import { deadLetterRoutes } from './routes/dead-letters.js';
import { gatewayRoutes } from './routes/gateway.js';
import { imageRoutes } from './routes/images.js';
import { memberRoutes } from './routes/members.js';
import { metricsRoutes } from './routes/metrics.js';
import { projectRoutes } from './routes/projects.js';
import { registryCredentialRoutes } from './routes/registry-credentials.js';
import { serviceChanges } from './routes/service-changes.js';
import { serviceReads } from './routes/service-reads.js';
import { sessionRoutes } from './routes/session.js';
import { workbenchRoutes } from './routes/workbench.js';

/** The route table: every address of the public API. */
export const routes = {
  ...sessionRoutes,
  ...gatewayRoutes,
  ...memberRoutes,
  ...auditRoutes,
  ...deadLetterRoutes,
  ...projectRoutes,
  ...cmdbRoutes,
  ...clusterRoutes,
  ...registryCredentialRoutes,
  ...imageRoutes,
  ...serviceReads,
  ...metricsRoutes,
  ...serviceChanges,
  ...workbenchRoutes,
} as const;
export type RouteName = keyof typeof routes;

/** All rows, for whoever walks the table. */
export const routeTable: readonly Route[] = Object.values(routes) as unknown as Route[];

/** Where the owner of a command answers its preflight: with the data of the command, or a problem. */
export function preflightPath(route: Pick<Route, 'id'>): string {
  return `/internal/preflight/${route.id}`;
}

/**
 * What the gateway asks the owner before it accepts a command. `ifVersion` comes from `If-Match`. Fields that the owner does
 * not know pass, because a newer gateway may ask an older owner during an upgrade.
 */
export const PreflightRequest = z.object({
  params: z.record(z.string(), z.string()),
  query: z.unknown().optional(),
  body: z.unknown(),
  ifVersion: z.number().int().nullable(),
});
export type PreflightRequest = z.infer<typeof PreflightRequest>;

/** The owner's answer: the data of the command, complete. */
export const PreflightAnswer = z.object({ data: z.record(z.string(), z.unknown()) });
