import { z } from 'zod';
import { Actor } from '../kernel/envelope.js';
import { defineState, stateStream } from '../kernel/define.js';
import { ClusterName, IsoTime, ServiceKey, Uid } from '../kernel/names.js';
import { tolerant } from '../kernel/spec.js';

/** States of PORTAL §3, in the order of the page: what a reader sees first. */
export const serviceStates = [
  'undeployed',
  'deploying',
  'running',
  'changing',
  'degraded',
  'down',
  'deploy_failed',
  'stopped',
  'deleting',
  'unknown',
] as const;
export const ServiceState = z.enum(serviceStates);
export type ServiceState = z.infer<typeof ServiceState>;

/** Desired and observed replicas of a service in one cluster. */
export const ClusterReplicas = z.object({
  cluster: ClusterName,
  desired: z.number().int().nonnegative(),
  ready: z.number().int().nonnegative(),
  /** Replicas of the newest release that are ready. */
  updated: z.number().int().nonnegative(),
  /** False while the cluster is silent: the numbers are the last ones heard. */
  fresh: z.boolean(),
  /** Since when nothing was heard of the cluster: how old the numbers are. Only while it is silent. */
  silentSince: IsoTime.optional(),
});
export type ClusterReplicas = z.infer<typeof ClusterReplicas>;

export const LastChange = z.object({
  kind: z.string(),
  actor: Actor,
  at: IsoTime,
  operationId: Uid,
  /** It came to nothing: what served before it serves on. */
  failed: z.boolean().optional(),
});
export type LastChange = z.infer<typeof LastChange>;

export const serviceState = defineState({
  type: 'ipaas.service.state.v1',
  stream: stateStream('ipaas', 'service', ['gateway', 'cluster-mgr', 'dolphinsync']),
  consumers: ['gateway', 'cluster-mgr', 'dolphinsync'],
  schema: z.object({
    key: ServiceKey,
    uid: Uid,
    name: z.string(),
    state: ServiceState,
    reason: z.string().nullable(),
    desired: z.number().int().nonnegative(),
    ready: z.number().int().nonnegative(),
    clusters: z.array(ClusterReplicas),
    /** Raised by every change of the spec; the ETag of the service. */
    specVersion: z.number().int().nonnegative(),
    /** Generation of the placement that is applied in every reachable cluster. */
    appliedGeneration: z.number().int().nonnegative(),
    /** Generation for which every cluster reported exactly the desired ready replicas; a scale ends when this reaches it. */
    settledGeneration: z.number().int().nonnegative(),
    release: z.number().int().nonnegative(),
    image: z.string().nullable(),
    size: tolerant.Size.nullable(),
    lastChange: LastChange.nullable(),
    /** Nothing is written to its clusters; nobody changes it until it is resumed. */
    paused: z.boolean().optional(),
    updatedAt: IsoTime,
  }),
  key: (data) => data.key,
  summary:
    'A service as it is: state, release, replicas desired and ready per cluster. Conflated: never one record per container flicker.',
});
export type ServiceStateData = z.infer<(typeof serviceState)['schema']>;

const Resources = z.object({
  cpuMillis: z.number().int().nonnegative(),
  memoryMiB: z.number().int().nonnegative(),
  pods: z.number().int().nonnegative(),
});

export const observedCluster = defineState({
  type: 'ipaas.cluster.state.v1',
  stream: stateStream('ipaas', 'cluster', ['cluster-mgr']),
  consumers: ['cluster-mgr'],
  schema: z.object({
    name: ClusterName,
    /** Epoch of the registration this was observed under. */
    epoch: z.number().int().positive(),
    watch: z.enum(['connecting', 'live', 'stale', 'denied']),
    /** When the cluster was last heard of, by any watch or bookmark. */
    heardAt: IsoTime.nullable(),
    detail: z.string().max(500).nullable(),
    version: z.string().nullable(),
    allocatable: Resources.nullable(),
    /** Requests of pods that are not Berth's. */
    foreign: Resources.nullable(),
    nodes: z.array(
      z.object({
        name: z.string(),
        ready: z.boolean(),
        schedulable: z.boolean(),
        allocatable: Resources,
        requested: Resources,
        /** The same for nodes that run on one machine (its kernel), also of different clusters. */
        machine: z.string().max(100).optional(),
      }),
    ),
  }),
  key: (data) => data.name,
  summary:
    'What ipaas sees of a workload cluster: whether its watch lives, its capacity, and the use that is not ours.',
});
export type ObservedCluster = z.infer<(typeof observedCluster)['schema']>;
