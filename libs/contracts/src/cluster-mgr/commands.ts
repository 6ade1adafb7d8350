import { z } from 'zod';
import { commandStream, defineCommand } from '../kernel/define.js';
import { ClusterName, ServiceKey, Uid } from '../kernel/names.js';
import { OperationKind } from '../kernel/operation.js';
import { Replicas, tolerant } from '../kernel/spec.js';

const placements = commandStream('cluster-mgr', 'placement', ['gateway', 'ipaas']);
const clusters = commandStream('cluster-mgr', 'cluster', ['gateway']);
const cause = z.string().max(500).optional();

export const placeService = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.place.v1',
  stream: placements,
  schema: z.object({
    key: ServiceKey,
    uid: Uid,
    /** The candidate spec this placement is for; the answer repeats it. */
    specVersion: z.number().int().positive(),
    size: tolerant.Size,
    /** Used when cluster-mgr does not know the service yet; afterwards the total is its own. */
    initial: z.object({ replicas: Replicas, policy: tolerant.PlacementPolicy }).optional(),
  }),
  key: (data) => data.key,
  summary: 'ipaas asks where a candidate release may run. Answered by placed or unplaceable for the same specVersion.',
});

export const releasePlacement = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.release.v1',
  stream: placements,
  schema: z.object({
    key: ServiceKey,
    uid: Uid,
    /** With a specVersion only the reservation of that candidate is given back; without, the whole service is forgotten. */
    specVersion: z.number().int().positive().optional(),
  }),
  key: (data) => data.key,
  summary: 'Gives reserved capacity back: a candidate was dropped, or the service is gone.',
});

export const scaleService = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.scale.v1',
  stream: placements,
  schema: z.object({ key: ServiceKey, uid: Uid, replicas: Replicas.min(1), cause }),
  key: (data) => data.key,
  summary: 'Sets the replica total of a service over all clusters.',
});

export const splitService = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.split.v1',
  stream: placements,
  schema: z.object({ key: ServiceKey, uid: Uid, policy: tolerant.PlacementPolicy, cause }),
  key: (data) => data.key,
  summary:
    'Splits the replicas of a service by another policy. What moves runs in its new cluster before it goes from its old.',
});

export const startService = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.start.v1',
  stream: placements,
  schema: z.object({ key: ServiceKey, uid: Uid, cause }),
  key: (data) => data.key,
  summary: 'Starts a stopped service with the total it had.',
});

export const stopService = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.stop.v1',
  stream: placements,
  schema: z.object({ key: ServiceKey, uid: Uid, cause }),
  key: (data) => data.key,
  summary: 'Stops every container and keeps the service, its releases and its total.',
});

export const cancelPlacementOperation = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.placement.cancel.v1',
  stream: placements,
  schema: z.object({ key: ServiceKey, operationId: Uid, kind: OperationKind, cause }),
  key: (data) => data.key,
  summary: 'Cancels a running scale, start or stop: back to the total before it. Too late changes nothing.',
});

export const registerCluster = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.cluster.register.v1',
  stream: clusters,
  schema: z.object({
    name: ClusterName,
    displayName: z.string().min(1).max(100),
    site: z.string().max(100),
    /** `podIP`: clients reach containers directly; `nodePort`: only through the nodes. */
    reach: z.enum(['podIP', 'nodePort']),
    apiServer: z.url(),
    caPem: z.string().max(50_000),
    /** Sealed credential that ipaas keeps; the message never carries it. */
    credential: z.object({ name: z.string(), version: z.number().int().positive() }),
  }),
  key: (data) => data.name,
  summary: 'Adds a Kubernetes cluster whose credential ipaas has sealed and checked.',
});

export const readmitCluster = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.cluster.readmit.v1',
  stream: clusters,
  schema: z.object({ name: ClusterName, cause }),
  key: (data) => data.name,
  summary: 'Lets a quarantined cluster that came back take part again, under a new epoch.',
});

export const removeCluster = defineCommand('cluster-mgr', {
  type: 'cluster-mgr.cluster.remove.v1',
  stream: clusters,
  schema: z.object({ name: ClusterName, cause }),
  key: (data) => data.name,
  summary: 'Unregisters a cluster that no service has its place in; its credential is forgotten.',
});
