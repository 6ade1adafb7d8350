import { ClusterName, OperationKind, OperationState, Problem } from '@berth/contracts';
import { z } from 'zod';
import { containerStates } from './service.js';
import { Time } from './common.js';

/** The most that one answer about the past may hold. */
export const metricsLimits = { rangeSeconds: 7 * 86_400, points: 400, leastStepSeconds: 10, services: 200 } as const;

/**
 * A time range. Without one it is the last hour. The step is raised until the answer has at most `metricsLimits.points`
 * points; the answer says which step it has.
 */
export const MetricsQuery = z.strictObject({
  from: Time.optional(),
  to: Time.optional(),
  stepSeconds: z.coerce.number().int().min(metricsLimits.leastStepSeconds).max(86_400).optional(),
});
export type MetricsQuery = z.infer<typeof MetricsQuery>;

/** One value for each point of time; null where nothing was measured: a gap stays a gap. */
const Points = z.array(z.number().nullable());
export type Points = z.infer<typeof Points>;

/** CPU in cores, averaged over the step before the point; memory as the working set in bytes, at the point. */
const Usage = z.object({ cpuCores: Points, memoryBytes: Points });

/** What a container may use at most. */
const Limit = z.object({ cpuCores: z.number(), memoryBytes: z.number() });

export const ContainerMetrics = Usage.extend({
  cluster: z.string(),
  /** Name of the container, as in the lists of containers now and past. */
  container: z.string(),
  release: z.number().int().nullable(),
  createdAt: Time,
  /** Set for a past container. */
  endedAt: Time.nullable(),
  limit: Limit.nullable(),
});
export type ContainerMetrics = z.infer<typeof ContainerMetrics>;

/** What was done to the service: a vertical line in every chart. */
export const MetricsMark = z.object({
  at: Time,
  kind: OperationKind,
  /** Number of the release that it made. */
  release: z.number().int().nullable(),
  operationId: z.uuid(),
  /** Null while it runs, and of scale, start and stop: their operation says how they ended. */
  state: OperationState.nullable(),
});
export type MetricsMark = z.infer<typeof MetricsMark>;

/**
 * CPU and memory of a service with what happened to it. `problem` is set when the metrics store is silent: CPU and memory
 * are then empty, readiness, restarts and marks are of the platform's own tables and still right.
 */
export const ServiceMetrics = z.object({
  from: Time,
  to: Time,
  stepSeconds: z.number().int(),
  /** Seconds since 1970, one for each point, rising by the step. */
  times: z.array(z.number().int()),
  /** Those that run first, then past ones, newest first; `omittedContainers` more are only in the sums. */
  containers: z.array(ContainerMetrics),
  omittedContainers: z.number().int(),
  clusters: z.array(Usage.extend({ cluster: z.string() })),
  /** Of all containers together; the limit is the sum of the limits of those that were measured at the point. */
  total: Usage.extend({ cpuLimitCores: Points, memoryLimitBytes: Points }),
  /** Ready replicas, the fewest within the step before the point, and wanted ones; null while the cluster was silent. */
  readiness: z.array(z.object({ cluster: z.string(), ready: Points, desired: Points })),
  restarts: z.array(z.object({ cluster: z.string(), container: z.string(), at: Time })),
  marks: z.array(MetricsMark),
  problem: Problem.nullable(),
});
export type ServiceMetrics = z.infer<typeof ServiceMetrics>;

export const ServiceUsageQuery = z.strictObject({
  /** Only these, as `<project>/<environment>/<service>`, comma separated. */
  services: z
    .string()
    .max(20_000)
    .transform((text) => text.split(',').filter((key) => key !== ''))
    .pipe(z.array(z.string().max(120)).max(metricsLimits.services))
    .optional(),
  project: z.string().max(40).optional(),
  environment: z.string().max(10).optional(),
});

/** What a service uses now and used lately, over all of its clusters. */
export const ServiceUsage = z.object({
  project: z.string(),
  environment: z.string(),
  service: z.string(),
  cpuCores: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  /** Sum over its containers of now. */
  cpuLimitCores: z.number().nullable(),
  memoryLimitBytes: z.number().nullable(),
  /** As long as `times` of the answer. */
  history: Usage,
});
export type ServiceUsage = z.infer<typeof ServiceUsage>;

export const ServiceUsageAnswer = z.object({
  items: z.array(ServiceUsage),
  times: z.array(z.number().int()),
  dataAsOf: Time,
  problem: Problem.nullable(),
});
export type ServiceUsageAnswer = z.infer<typeof ServiceUsageAnswer>;

/** What the containers on a node really use, beside what they asked for and may use. */
export const NodeUsage = z.object({
  cluster: ClusterName,
  node: z.string(),
  cpuCores: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  history: Usage,
});
export type NodeUsage = z.infer<typeof NodeUsage>;
export const NodeUsageAnswer = ServiceUsageAnswer.extend({ items: z.array(NodeUsage) });
export type NodeUsageAnswer = z.infer<typeof NodeUsageAnswer>;

export const TopologyQuery = z.strictObject({ project: z.string().max(40).optional() });

/** Which container runs on which node. Containers name their service by its place in `services`, because there are many. */
export const Topology = z.object({
  services: z.array(z.object({ project: z.string(), environment: z.string(), code: z.string(), name: z.string() })),
  containers: z.array(
    z.object({
      cluster: z.string(),
      /** Null while it has no node. */
      node: z.string().nullable(),
      /** Index into `services`. */
      service: z.number().int(),
      name: z.string(),
      state: z.enum(containerStates),
      restarts: z.number().int(),
      release: z.number().int().nullable(),
    }),
  ),
  dataAsOf: Time,
});
export type Topology = z.infer<typeof Topology>;
