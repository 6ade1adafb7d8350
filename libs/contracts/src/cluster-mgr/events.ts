import { z } from 'zod';
import { defineEvent, defineState, eventStream, stateStream } from '../kernel/define.js';
import { ClusterName, IsoTime, ServiceKey, Uid } from '../kernel/names.js';
import { Replicas, tolerant } from '../kernel/spec.js';

const placements = eventStream('cluster-mgr', 'placement', ['ipaas']);
const Params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const Assignment = z.object({
  cluster: ClusterName,
  replicas: z.number().int().nonnegative(),
  /** Epoch of the cluster's registration; objects carry it, and an older one is fenced off. */
  epoch: z.number().int().positive(),
  /** Why this share, as a code with numbers. */
  reason: z.object({ code: z.string(), params: Params.optional() }),
});
export type Assignment = z.infer<typeof Assignment>;

export const placed = defineEvent({
  type: 'cluster-mgr.placement.placed.v1',
  stream: placements,
  consumers: ['ipaas'],
  schema: z.object({
    key: ServiceKey,
    uid: Uid,
    specVersion: z.number().int().positive(),
    /** Rises with every decision about this uid; ipaas applies only higher ones. */
    generation: z.number().int().positive(),
    /** The total the user asked for, kept while stopped. */
    total: Replicas,
    stopped: z.boolean(),
    policy: tolerant.PlacementPolicy,
    assignments: z.array(Assignment),
    /** The first half of a move: another generation follows when every replica of this one is ready. */
    moving: z.boolean().optional(),
  }),
  key: (data) => data.key,
  summary: 'Capacity is reserved and replicas are split. ipaas applies it if the specVersion is the one it waits for.',
});
export type PlacedData = z.infer<(typeof placed)['schema']>;

export const unplaceable = defineEvent({
  type: 'cluster-mgr.placement.unplaceable.v1',
  stream: placements,
  consumers: ['ipaas'],
  schema: z.object({
    key: ServiceKey,
    uid: Uid,
    specVersion: z.number().int().positive(),
    reasons: z.array(z.object({ cluster: ClusterName, code: z.string(), params: Params.optional() })),
  }),
  key: (data) => data.key,
  summary: 'No placement for this candidate: a reason for every cluster. Nothing is reserved, what ran keeps running.',
});
export type UnplaceableData = z.infer<(typeof unplaceable)['schema']>;

export const clusterPhases = ['joining', 'ready', 'suspect', 'dead', 'quarantined'] as const;
export const ClusterPhase = z.enum(clusterPhases);
export type ClusterPhase = z.infer<typeof ClusterPhase>;

export const clusterState = defineState({
  type: 'cluster-mgr.cluster.state.v1',
  stream: stateStream('cluster-mgr', 'cluster', ['ipaas', 'gateway']),
  consumers: ['ipaas', 'gateway'],
  schema: z.object({
    name: ClusterName,
    displayName: z.string(),
    site: z.string(),
    reach: z.enum(['podIP', 'nodePort']),
    apiServer: z.string(),
    caPem: z.string(),
    credential: z.object({ name: z.string(), version: z.number().int().positive() }),
    phase: ClusterPhase,
    /** Why it is in this phase, with the proof (probe result, age of the watch). */
    reason: z.string(),
    since: IsoTime,
    epoch: z.number().int().positive(),
  }),
  key: (data) => data.name,
  summary: 'A registered cluster: how to reach it, its phase with the proof, its epoch.',
});
export type ClusterStateData = z.infer<(typeof clusterState)['schema']>;
