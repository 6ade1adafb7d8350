import {
  Actor,
  ClusterReplicas,
  LastChange,
  PlacementPolicy,
  Replicas,
  ResolvedImage,
  ServiceCode,
  ServiceSpec,
  ServiceState,
  Size,
  Variable,
  environmentNames,
  tolerant,
} from '@berth/contracts';
import { z } from 'zod';
import { Cause, PageQuery, Time, page } from './common.js';
import { ServiceCause } from './why.js';

export const ServiceListItem = z.object({
  project: z.string(),
  environment: z.string(),
  code: z.string(),
  name: z.string(),
  uid: z.uuid().nullable(),
  state: ServiceState,
  /** Code of the cause when it is not well, e.g. `image_pull`, `crash_loop`, `probe_failing`, `no_capacity`, `cluster_silent`. */
  reason: z.string().nullable(),
  /** What is the matter, with its proof; null while it is well. */
  cause: ServiceCause.nullable(),
  /** Since when it is in this state; null for what was never deployed. */
  stateSince: Time.nullable(),
  /** Nothing is written to its clusters (暂停托管). */
  paused: z.boolean(),
  desired: z.number().int(),
  ready: z.number().int(),
  /** Replicas it was given, also while it is stopped; null before its first placement. */
  total: z.number().int().nullable(),
  clusters: z.array(ClusterReplicas),
  /** `repository:tag` without the registry, as a reader wants it. */
  image: z.string().nullable(),
  release: z.number().int().nullable(),
  size: tolerant.Size.nullable(),
  restartsLastHour: z.number().int(),
  lastChange: LastChange.nullable(),
  owner: z.string().nullable(),
  cmdbId: z.string().nullable(),
  /** Not in the CMDB (未登记). */
  unregistered: z.boolean(),
});
export type ServiceListItem = z.infer<typeof ServiceListItem>;

export const ServicesQuery = PageQuery.extend({
  project: z.string().max(40).optional(),
  environment: z.enum(environmentNames).optional(),
  /** One state, or several with commas between them. */
  state: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(ServiceState))
    .optional(),
  search: z.string().max(100).optional(),
  /** Exactly this one, in whichever environments it is. */
  code: z.string().max(63).optional(),
  /** Names of owners with commas between them. Together with `changedBy` either is enough. */
  owner: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .optional(),
  /** Id of who changed it last. */
  changedBy: z.string().max(100).optional(),
  /** `urgency`: production first, then the worst state, then what has been in it for longest; else by name. */
  order: z.enum(['name', 'urgency']).optional(),
});
/** Services, and behind them what the CMDB has and nobody deployed; `counts` is of the filter without its states. */
export const ServicesPage = page(ServiceListItem).extend({
  counts: z.partialRecord(ServiceState, z.number().int()),
  dataAsOf: Time,
});

export const ExternalChange = z.object({
  cluster: z.string(),
  field: z.enum(['replicas', 'image', 'template', 'deleted']),
  manager: z.string(),
  at: Time,
  /** False while the service is paused: it stays as it was found, and goes from here once it is back. */
  corrected: z.boolean(),
  /** When it was put right; it is shown for a day. */
  correctedAt: Time.nullable(),
  /** So many times the same, one after another. */
  count: z.number().int().positive(),
  /** What Berth wants and what was found, as far as it can be said in a word. */
  desired: z.string().nullable(),
  observed: z.string().nullable(),
});
export type ExternalChange = z.infer<typeof ExternalChange>;

/** Replicas that are wanted in a cluster and have no container there. */
export const MissingReplicas = z.object({
  cluster: z.string(),
  count: z.number().int().positive(),
  /** `no_capacity`, `quota`, `cluster_silent`, `paused`, `starting` (its cluster has yet to make it), or a code of the cluster's refusal. */
  reason: z.string(),
  /** The cluster's own words. */
  detail: z.string().nullable(),
  since: Time.nullable(),
});
export type MissingReplicas = z.infer<typeof MissingReplicas>;

export const releaseResults = ['pending', 'available', 'failed', 'unfinished'] as const;

/** A release that the clusters are told to run and that does not serve yet. */
export const ReleaseTarget = z.object({
  release: z.number().int(),
  kind: z.enum(['deploy', 'upgrade', 'rollback']),
  result: z.enum(releaseResults),
  spec: tolerant.ServiceSpec,
  resolvedImage: ResolvedImage,
  actor: z.object({ id: z.string(), name: z.string() }),
  createdAt: Time,
  operationId: z.uuid(),
});
export type ReleaseTarget = z.infer<typeof ReleaseTarget>;

export const ServiceDetail = ServiceListItem.extend({
  specVersion: z.number().int(),
  spec: tolerant.ServiceSpec.nullable(),
  resolvedImage: ResolvedImage.nullable(),
  placement: z
    .object({
      generation: z.number().int(),
      total: z.number().int(),
      stopped: z.boolean(),
      policy: tolerant.PlacementPolicy,
      assignments: z.array(z.object({ cluster: z.string(), replicas: z.number().int(), reason: z.string() })),
    })
    .nullable(),
  /**
   * What the clusters are told to run while another release serves: it is on its way, or its roll-out came to nothing and
   * stands still. Null when what serves is what is wanted, and before anything served.
   */
  target: ReleaseTarget.nullable(),
  /** The change that is on its way, if any. */
  candidate: z.object({ release: z.number().int(), operationId: z.uuid(), deadlineAt: Time }).nullable(),
  addresses: z.array(
    z.object({
      cluster: z.string(),
      kind: z.enum(['clusterIP', 'nodePort', 'podIP', 'dns']),
      address: z.string(),
      port: z.number().int(),
      portName: z.string(),
      reachableFrom: z.enum(['cluster', 'host', 'everywhere']),
    }),
  ),
  externalChanges: z.array(ExternalChange),
  missingReplicas: z.array(MissingReplicas),
  /** Who paused it, when and why; null while it is in Berth's hands. */
  pause: z.object({ actor: Actor, at: Time, cause: z.string().nullable(), operationId: z.uuid() }).nullable(),
  runningOperations: z.array(z.uuid()),
  createdAt: Time,
});
export type ServiceDetail = z.infer<typeof ServiceDetail>;

export const Release = z.object({
  number: z.number().int(),
  kind: z.enum(['deploy', 'upgrade', 'rollback']),
  /** For a rollback: the release it goes back to. */
  from: z.number().int().nullable(),
  spec: tolerant.ServiceSpec,
  image: ResolvedImage,
  rendererVersion: z.number().int(),
  actor: z.object({ id: z.string(), name: z.string() }),
  cause: z.string().nullable(),
  createdAt: Time,
  readyAt: Time.nullable(),
  /** From acceptance until it was ready everywhere. */
  readyAfterMs: z.number().nullable(),
  result: z.enum(releaseResults),
  operationId: z.uuid(),
  live: z.boolean(),
  /** The newest one that became ready everywhere, leaving out what is not well now; the one to go back to. */
  lastGood: z.boolean(),
  /** Whether the registry still has the image, asked by digest at most every few minutes. */
  imageInRegistry: z.enum(['yes', 'no', 'unknown']),
});
export type Release = z.infer<typeof Release>;

export const containerStates = [
  'pending',
  'pulling',
  'starting',
  'running',
  'not_ready',
  'crash_looping',
  'image_error',
  'terminating',
  'ended',
  'unknown',
] as const;
export const Container = z.object({
  uid: z.string(),
  name: z.string(),
  cluster: z.string(),
  state: z.enum(containerStates),
  /** One sentence of proof from the cluster, e.g. the waiting message. */
  detail: z.string().nullable(),
  /** The end that `detail` tells of in English, to be said in any language; null when it is of something else. */
  detailEnd: z
    .object({
      exitCode: z.number().int(),
      signal: z.number().int().nullable(),
      /** A word of the cluster that says more than the number, e.g. `OOMKilled`. */
      reason: z.string().nullable(),
      /** What the program or the container runtime left behind. */
      message: z.string().nullable(),
    })
    .nullable()
    .optional(),
  /** While its cluster is silent (`unknown`): the state that was heard last. */
  lastHeard: z.enum(containerStates).nullable(),
  ready: z.boolean(),
  restarts: z.number().int(),
  release: z.number().int().nullable(),
  image: z.string().nullable(),
  node: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  exitCode: z.number().int().nullable(),
  lastEnd: z
    .object({
      reason: z.string().nullable(),
      exitCode: z.number().int().nullable(),
      at: Time.nullable(),
      /** How long that run lasted. */
      ranSeconds: z.number().int().nullable().optional(),
    })
    .nullable(),
  /** Whether the end of its output is kept here, for when its cluster has it no more. */
  logKept: z.boolean().optional(),
});
export type Container = z.infer<typeof Container>;

export const ContainersQuery = PageQuery.extend({ past: z.enum(['true', 'false']).default('false') });

export const LogsQuery = z.strictObject({
  cluster: z.string().max(40),
  container: z.string().max(253),
  follow: z.enum(['true', 'false']).default('false'),
  previous: z.enum(['true', 'false']).default('false'),
  /** More than a cluster keeps, for who wants all of it. */
  tailLines: z.coerce.number().int().min(1).max(1_000_000).default(1000),
  sinceTime: Time.optional(),
});
/**
 * One line of a log stream (`application/x-ndjson`): a line, or why there is none; `restarted` says the number of the run.
 * `kept` comes first when the cluster no longer has the container: what follows is the end of its output that was kept here.
 */
export const LogLine = z.union([
  z.object({ at: Time.nullable(), text: z.string() }),
  z.object({
    notice: z.enum(['not_started', 'restarted', 'ended', 'gone', 'cluster_silent', 'truncated']),
    detail: z.string(),
  }),
  z.object({
    notice: z.literal('kept'),
    detail: z.string(),
    kept: z.object({
      run: z.number().int(),
      mostLines: z.number().int(),
      /** False: it was read before the container had ended, and what it wrote last may be missing. */
      toEnd: z.boolean(),
      readAt: Time,
      /** It goes with the past container: then, or earlier when there are many newer ones. */
      until: Time,
    }),
  }),
]);
export type LogLine = z.infer<typeof LogLine>;

export const ClusterEvent = z.object({
  cluster: z.string(),
  object: z.string(),
  kind: z.string(),
  type: z.enum(['Normal', 'Warning']),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  firstAt: Time.nullable(),
  lastAt: Time.nullable(),
});
export type ClusterEvent = z.infer<typeof ClusterEvent>;
export const ClusterEventsPage = page(ClusterEvent).extend({
  /** Clusters that did not answer: what happened there is missing. */
  silentClusters: z.array(z.string()),
});
export type ClusterEventsPage = z.infer<typeof ClusterEventsPage>;

/** Body of a first deploy. The image is resolved to a digest before acceptance. */
export const DeployBody = z.strictObject({
  code: ServiceCode,
  name: z.string().trim().min(1).max(100),
  spec: ServiceSpec,
  replicas: Replicas.min(1),
  policy: PlacementPolicy,
  cause: Cause,
});
export type DeployBody = z.infer<typeof DeployBody>;
export const UpgradeBody = z.strictObject({ spec: ServiceSpec, cause: Cause });
export const RollbackBody = z.strictObject({ toRelease: z.number().int().positive(), cause: Cause });
export const ScaleBody = z.strictObject({ replicas: Replicas.min(1), cause: Cause });
export const SplitBody = z.strictObject({ policy: PlacementPolicy, cause: Cause });
export const CauseBody = z.strictObject({ cause: Cause });

export const SecretBody = z.strictObject({ value: z.string().min(1).max(32_768) });
export const SecretVersion = z.object({ name: z.string(), version: z.number().int(), createdAt: Time });

export const ResolveImageBody = z.strictObject({
  image: z.string().min(1).max(500),
  project: z.string().max(40).optional(),
  registryCredential: z.string().max(100).optional(),
});
export const ResolvedImageAnswer = z.object({ image: ResolvedImage, tags: z.array(z.string()) });

export const PlacementPreviewBody = z.strictObject({
  size: Size,
  replicas: Replicas,
  policy: PlacementPolicy,
  service: ServiceCode.optional(),
});
const PreviewReason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});
export const PlacementPreview = z.object({
  placeable: z.boolean(),
  /** What one container reserves in this environment: its size times the environment's ratio. */
  request: tolerant.Size,
  clusters: z.array(
    z.object({
      cluster: z.string(),
      displayName: z.string(),
      replicas: z.number().int(),
      reason: PreviewReason,
      /** Free when nothing of this service is counted. */
      freeCpuMillis: z.number().int(),
      freeMemoryMiB: z.number().int(),
    }),
  ),
});
export type PlacementPreview = z.infer<typeof PlacementPreview>;
export { Variable };
