import { problemOf } from '@berth/api';
import { parseServiceKey, type Assignment, type PlacementPolicy, type Problem, type Size } from '@berth/contracts';
import {
  place,
  type CandidateCluster,
  type Capacity,
  type Placement as Split,
  type UnplaceableReason,
} from '@berth/engines/scheduler';
import { requestOf, requestRatioOf, type SizedEnvironment } from '@berth/engines/sizing';
import type { Cluster, Observation } from '../cluster/cluster.js';
import type { EnvironmentClusters } from './environments.js';
import type { Placement } from './placement.js';

/** A cluster as a candidate: its registration, what is seen of it, and what others have reserved there. */
export interface Room {
  readonly cluster: Cluster;
  readonly seen: Observation | null;
  readonly reserved: Capacity;
}

/** What runs of ours in a cluster. */
export interface Placed {
  readonly services: number;
  /** Sum of the sizes of its containers: what they may use at most. */
  readonly limits: Size;
}

/** What is to be placed. */
export interface Wish {
  readonly environment: SizedEnvironment;
  readonly size: Size;
  /** 0 stops. */
  readonly replicas: number;
  readonly policy: PlacementPolicy;
  /** Clusters that the environment may use; null means all. */
  readonly allowed: readonly string[] | null;
  readonly current: Readonly<Record<string, number>>;
  /** The policy is another one than what runs was split by. */
  readonly anew?: boolean;
}

const none: Capacity = { cpuMillis: 0, memoryMiB: 0, pods: 0 };

/**
 * What a placement wishes for. A candidate is placed by its own size: what runs is counted beside it. Any other change is
 * placed by the larger of live and candidate, because either may run in the end.
 */
export function wishOf(
  placement: Placement,
  isForCandidate: boolean,
  environments: EnvironmentClusters,
  anew = false,
): Wish {
  const { key, total, stopped, policy, live, candidate } = placement;
  const size = candidate?.size ?? live.size;
  const { environment } = parseServiceKey(key);
  return {
    environment,
    size: isForCandidate ? size : largerOf(live.size, size),
    replicas: stopped ? 0 : total,
    policy,
    allowed: environments[environment] ?? null,
    current: currentOf(placement),
    anew,
  };
}

/** Replicas by cluster as they are assigned. */
export function currentOf({ assignments }: Pick<Placement, 'assignments'>): Record<string, number> {
  return Object.fromEntries(assignments.map(({ cluster, replicas }) => [cluster, replicas]));
}

function largerOf(a: Size, b: Size): Size {
  return { cpuMillis: Math.max(a.cpuMillis, b.cpuMillis), memoryMiB: Math.max(a.memoryMiB, b.memoryMiB) };
}

/** Asks the scheduler. Nothing but this function turns rows into its input, so preview and decision cannot differ. */
export function split(wish: Wish, rooms: readonly Room[]): Split {
  const { mode, clusters, minPerCluster } = wish.policy;
  const chosen = isForAny(wish.policy) ? {} : { clusters };
  const workload = {
    size: wish.size,
    requestRatio: requestRatioOf(wish.environment),
    replicas: wish.replicas,
    current: wish.current,
    anew: wish.anew ?? false,
  };
  return place(
    workload,
    rooms.map((room) => candidateOf(room, wish)),
    { mode, minPerCluster, ...chosen },
  );
}

/** Whether the environment lets the cluster be used. */
export function isAllowed(cluster: string, { allowed }: Pick<Wish, 'allowed'>): boolean {
  return allowed === null || allowed.includes(cluster);
}

/** Whether the policy lets the cluster be used. */
export function isChosen(cluster: string, policy: PlacementPolicy): boolean {
  return isForAny(policy) || policy.clusters.includes(cluster);
}

/** An empty list means "any" when spreading; the scheduler would read it as "none of them". */
function isForAny({ mode, clusters }: PlacementPolicy): boolean {
  return mode === 'spread' && clusters.length === 0;
}

/** The scheduler's rows as the contract has them, each with the epoch of its cluster. */
export function assignmentsOf(split: Extract<Split, { kind: 'placed' }>, rooms: readonly Room[]): Assignment[] {
  const epochs = new Map(rooms.map(({ cluster }) => [cluster.name, cluster.epoch]));
  return split.assignments.map(({ cluster, replicas, reason }) => ({
    cluster,
    replicas,
    epoch: epochs.get(cluster) ?? 1,
    reason: { code: reason.code, params: { ...reason.params } },
  }));
}

/** Why there is no room, cluster by cluster. */
export function noRoomProblem(wish: Wish, reasons: readonly UnplaceableReason[]): Problem {
  if (reasons.every(({ code }) => code === 'not_eligible'))
    return problemOf('no_cluster', { environment: wish.environment });
  const request = requestOf(wish.size, wish.environment);
  return problemOf(
    'no_capacity',
    { replicas: wish.replicas, ...request },
    {
      errors: reasons.map(({ cluster, code, params }) => ({
        path: cluster,
        code,
        message: sentence(code, params),
        params: { ...params },
      })),
    },
  );
}

function sentence(code: UnplaceableReason['code'], { phase, asked, free, fits }: UnplaceableReason['params']): string {
  const beside = fits === undefined ? '' : ` beside the ${fits} that fit`;
  switch (code) {
    case 'not_eligible':
      return 'The environment may not use this cluster.';
    case 'not_chosen':
      return 'The policy does not choose this cluster.';
    case 'not_ready':
      return `The cluster is ${phase}; it takes nothing new.`;
    case 'too_little_cpu':
      return `One more container asks ${asked}m CPU; ${free}m are free${beside}.`;
    case 'too_little_memory':
      return `One more container asks ${asked} MiB; ${free} MiB are free${beside}.`;
    case 'too_few_pods':
      return `The cluster takes no more containers${beside}.`;
    case 'no_node_fits':
      return `One container asks ${asked}; the emptiest node has ${free}.`;
    case 'below_minimum':
      return `The policy asks for at least ${asked} there; ${free} would be possible.`;
    case 'unknown_cluster':
      return 'There is no cluster of this name.';
  }
}

/** A cluster as the scheduler takes it. */
export function candidateOf({ cluster, seen, reserved }: Room, wish: Wish): CandidateCluster {
  const node = largestFreeNode(seen);
  return {
    name: cluster.name,
    phase: cluster.phase,
    eligible: isAllowed(cluster.name, wish),
    allocatable: seen?.allocatable ?? none,
    reserved,
    foreign: seen?.foreign ?? none,
    site: cluster.site,
    ...(node && { largestFreeNode: node }),
  };
}

/** With one node the sums say it all, and say it sooner: what runs on nodes is seen a little late. */
function largestFreeNode(seen: Observation | null): Size | null {
  if (!seen || seen.nodes.length < 2) return null;
  const free = seen.nodes
    .filter(({ ready, schedulable }) => ready && schedulable)
    .map(({ allocatable, requested }) => ({
      cpuMillis: Math.max(0, allocatable.cpuMillis - requested.cpuMillis),
      memoryMiB: Math.max(0, allocatable.memoryMiB - requested.memoryMiB),
    }));
  return (
    free.sort((a, b) => b.cpuMillis - a.cpuMillis || b.memoryMiB - a.memoryMiB)[0] ?? { cpuMillis: 0, memoryMiB: 0 }
  );
}
