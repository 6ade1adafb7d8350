import type { CandidateCluster, Placement, PlacementPolicy, Workload } from './scheduler.js';

/** Which cluster runs how many replicas, and why. Pure: the same input, in any order, gives the same answer. */
export declare function place(
  workload: Workload,
  clusters: readonly CandidateCluster[],
  policy: PlacementPolicy,
): Placement;
