import { defineRoute } from '../route.js';
import * as metrics from '../schemas/metrics.js';
import { ServiceParams } from '../schemas/common.js';
import { api, service } from './addresses.js';

/** What services and nodes use, and which container is where. */
export const metricsRoutes = {
  getServiceMetrics: defineRoute({
    id: 'getServiceMetrics',
    kind: 'read',
    method: 'GET',
    path: `${service}/metrics`,
    owner: 'ipaas',
    permission: 'service.read',
    scope: 'url',
    summary: 'CPU and memory per container, per cluster and in sum, with limits, readiness, restarts and changes.',
    params: ServiceParams,
    query: metrics.MetricsQuery,
    response: metrics.ServiceMetrics,
  }),
  listServiceUsage: defineRoute({
    id: 'listServiceUsage',
    kind: 'read',
    method: 'GET',
    path: `${api}/service-usage`,
    owner: 'ipaas',
    permission: 'service.read',
    scope: 'set',
    summary: 'What services use now and used in the last half hour; for lists.',
    query: metrics.ServiceUsageQuery,
    response: metrics.ServiceUsageAnswer,
  }),
  listNodeUsage: defineRoute({
    id: 'listNodeUsage',
    kind: 'read',
    method: 'GET',
    path: `${api}/node-usage`,
    owner: 'ipaas',
    permission: 'cluster.read',
    scope: 'set',
    summary: 'What the nodes of every cluster really use now and in the last half hour.',
    response: metrics.NodeUsageAnswer,
  }),
  getTopology: defineRoute({
    id: 'getTopology',
    kind: 'read',
    method: 'GET',
    path: `${api}/topology`,
    owner: 'ipaas',
    permission: 'service.read',
    scope: 'set',
    summary: 'Containers by cluster and node, of every service the caller may see.',
    query: metrics.TopologyQuery,
    response: metrics.Topology,
  }),
} as const;
