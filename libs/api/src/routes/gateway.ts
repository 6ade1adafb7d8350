import { z } from 'zod';
import { defineRoute } from '../route.js';
import * as operations from '../schemas/operation.js';
import { Accepted, page } from '../schemas/common.js';
import { api } from './addresses.js';

const id = z.strictObject({ id: z.uuid() });

/** Operations, feed and this API itself: the gateway's own. */
export const gatewayRoutes = {
  listOperations: defineRoute({
    id: 'listOperations',
    kind: 'local',
    method: 'GET',
    path: `${api}/operations`,
    owner: 'gateway',
    permission: 'operation.read',
    scope: 'set',
    summary: 'Operations, newest first.',
    query: operations.OperationsQuery,
    response: page(operations.Operation),
  }),
  getOperation: defineRoute({
    id: 'getOperation',
    kind: 'local',
    method: 'GET',
    path: `${api}/operations/:id`,
    owner: 'gateway',
    permission: 'operation.read',
    scope: 'set',
    summary: 'One operation with its steps.',
    params: id,
    response: operations.Operation,
  }),
  listNeighbours: defineRoute({
    id: 'listNeighbours',
    kind: 'local',
    method: 'GET',
    path: `${api}/operations/:id/neighbours`,
    owner: 'gateway',
    permission: 'operation.read',
    scope: 'set',
    summary: 'What was done to the same target right before and after it, and what took its place, newest first.',
    params: id,
    response: operations.Neighbours,
  }),
  cancelOperation: defineRoute({
    id: 'cancelOperation',
    kind: 'local',
    method: 'POST',
    path: `${api}/operations/:id/cancel`,
    owner: 'gateway',
    // To see it; to cancel it needs the right of what it does, where it does it.
    permission: 'operation.read',
    scope: 'set',
    summary: 'Cancel a running operation; needs the right to do what it does. What served before serves.',
    params: id,
    body: operations.CancelBody,
    response: Accepted,
    audited: true,
  }),
  feed: defineRoute({
    id: 'feed',
    kind: 'local',
    method: 'GET',
    path: `${api}/feed`,
    owner: 'gateway',
    permission: 'session',
    scope: 'none',
    summary: 'Hints of what changed, as server-sent events; `Last-Event-ID` resumes.',
    response: operations.FeedHint,
    streams: 'text/event-stream',
  }),
  openapi: defineRoute({
    id: 'openapi',
    kind: 'local',
    method: 'GET',
    path: `${api}/openapi.json`,
    owner: 'gateway',
    permission: 'public',
    scope: 'none',
    summary: 'This API as OpenAPI 3.1.',
    response: z.looseObject({}),
  }),
} as const;
