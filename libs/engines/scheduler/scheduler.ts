/** CPU in thousandths of a core, memory in MiB (1024 x 1024 bytes). */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/** What a cluster can hold or holds: resources and a number of pods. */
export interface Capacity extends Resources {
  readonly pods: number;
}

/** A service as the scheduler sees it. */
export interface Workload {
  /** Limits of one replica. */
  readonly size: Resources;
  /** Request of one replica = size x ratio; in (0, 1]. */
  readonly requestRatio: number;
  /** Replicas wanted over all clusters together; 0 stops the service. */
  readonly replicas: number;
  /** Where it runs now, by cluster name; empty at the first deploy. */
  readonly current: Readonly<Record<string, number>>;
  /** Split as if nothing ran where clusters are ready: somebody asked for another split, so moving is the point. */
  readonly anew?: boolean;
}

export type ClusterPhase = 'ready' | 'suspect' | 'dead' | 'quarantined' | 'joining';

/** A cluster with everything that is known about its room. */
export interface CandidateCluster {
  readonly name: string;
  readonly phase: ClusterPhase;
  /** The environment of the service may use this cluster. */
  readonly eligible: boolean;
  readonly allocatable: Capacity;
  /** Own placements in requests, WITHOUT this workload. */
  readonly reserved: Capacity;
  /** Requests of everything that is not ours. */
  readonly foreign: Capacity;
  readonly site?: string;
  /** Room on the emptiest node: one replica must fit on one node. Left out when not known. */
  readonly largestFreeNode?: Resources;
}

/** `spread` uses every fitting cluster; `pinned` only those in `clusters`. */
export interface PlacementPolicy {
  readonly mode: 'spread' | 'pinned';
  /** For `pinned`: the clusters that may be used. For `spread`: left out, or a narrower choice. */
  readonly clusters?: readonly string[];
  /** Every usable cluster gets at least so many replicas, or the workload is unplaceable. */
  readonly minPerCluster?: number;
}

/**
 * - `even_share`: its part of an even split; `pinned`: the same among chosen clusters
 * - `at_capacity`: less than its part, no more fits; `takes_overflow`: more than its part, because another is full
 * - `kept`: what already runs there is not moved (also: the cluster is not ready and gets nothing new)
 * - `leaves`: the cluster may not be used any more; `stopped`: no replicas are wanted at all
 */
export type AssignmentCode = 'even_share' | 'pinned' | 'at_capacity' | 'takes_overflow' | 'kept' | 'leaves' | 'stopped';

/** One cluster's part with the numbers behind it, so that a page can say why. */
export interface Assignment {
  readonly cluster: string;
  readonly replicas: number;
  readonly reason: {
    readonly code: AssignmentCode;
    readonly params: {
      /** Replicas before. */
      readonly from: number;
      /** Replicas that fit beside what else is reserved there. */
      readonly fits: number;
      /** Share of the cluster that stays free after this assignment, in percent of the scarcer resource. */
      readonly freePercent: number;
    };
  };
}

export type UnplaceableCode =
  | 'not_eligible'
  | 'not_chosen'
  | 'not_ready'
  | 'too_little_cpu'
  | 'too_little_memory'
  | 'too_few_pods'
  | 'no_node_fits'
  | 'below_minimum'
  | 'unknown_cluster';

/**
 * Why a cluster cannot take what is asked.
 * - `too_little_cpu` (cpuMillis), `too_little_memory` (MiB), `too_few_pods` (pods): one more replica asks `asked`,
 *   `free` is left beside the `fits` replicas that do fit
 * - `no_node_fits`: the same on the emptiest node, in the resource that is short there (`resource`)
 * - `below_minimum`: the policy asks `asked` replicas there, it could get `free`
 * A cluster has one reason for each resource that is short.
 */
export interface UnplaceableReason {
  readonly cluster: string;
  readonly code: UnplaceableCode;
  readonly params: {
    readonly phase?: ClusterPhase;
    readonly asked?: number;
    readonly free?: number;
    readonly fits?: number;
    readonly resource?: 'cpu' | 'memory';
  };
}

/** Not a refusal: a rolling upgrade (one extra pod a cluster) would have to wait for room. */
export interface PlacementWarning {
  readonly cluster: string;
  readonly code: 'no_room_for_surge';
  readonly params: { readonly asked: number; readonly free: number; readonly resource: 'cpu' | 'memory' | 'pods' };
}

/** Assignments hold every cluster with replicas before or after (0 = leaves it), sorted by name. */
export interface Placed {
  readonly kind: 'placed';
  readonly assignments: readonly Assignment[];
  readonly warnings: readonly PlacementWarning[];
}

export interface Unplaceable {
  readonly kind: 'unplaceable';
  readonly reasons: readonly UnplaceableReason[];
}

export type Placement = Placed | Unplaceable;
