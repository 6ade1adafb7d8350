import { assign, refuse } from './assign.js';
import { filter } from './filter.js';
import type { CandidateCluster, Placement, PlacementPolicy, Workload } from './scheduler.js';
import { select } from './select.js';

/**
 * Which cluster runs how many replicas, and why: filter, score, select, assign.
 * Pure; the order of `clusters` does not matter. What runs stays where it is unless a bound forces it to move, or unless
 * the split is asked for anew.
 */
export function place(workload: Workload, clusters: readonly CandidateCluster[], policy: PlacementPolicy): Placement {
  const candidates = filter(workload, clusters, policy);
  const split = select(candidates, workload.replicas, workload.anew ?? false);
  const sum = [...split.values()].reduce((total, count) => total + count, 0);
  const minimum = workload.replicas === 0 ? 0 : (policy.minPerCluster ?? 0);
  const isBelow = candidates.some((c) => c.admission === 'open' && (split.get(c.cluster.name) ?? 0) < minimum);
  if (sum < workload.replicas || isBelow) return refuse(candidates, split, policy);
  return assign(candidates, split, workload.replicas, policy);
}
