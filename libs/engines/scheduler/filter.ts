import { fitsInto, freeIn, nodeShortage, requestOf } from './capacity.js';
import type { CandidateCluster, Capacity, PlacementPolicy, Resources, Workload } from './scheduler.js';

/** `open` may get more, `held` keeps what it has at most, the others must end with none. */
export type Admission = 'open' | 'held' | 'not_eligible' | 'not_chosen';

/** A cluster with the bounds inside which the number of its replicas may move. */
export interface Candidate {
  readonly cluster: CandidateCluster;
  readonly admission: Admission;
  readonly request: Resources;
  readonly free: Capacity;
  readonly current: number;
  /** Replicas that fit. */
  readonly fits: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Bounds for every cluster, sorted by name so that the order of the input cannot matter. */
export function filter(
  workload: Workload,
  clusters: readonly CandidateCluster[],
  policy: PlacementPolicy,
): Candidate[] {
  return clusters
    .map((cluster) => candidate(workload, cluster, policy))
    .sort((a, b) => (a.cluster.name < b.cluster.name ? -1 : 1));
}

function candidate(workload: Workload, cluster: CandidateCluster, policy: PlacementPolicy): Candidate {
  const request = requestOf(workload.size, workload.requestRatio);
  const free = freeIn(cluster);
  const current = workload.current[cluster.name] ?? 0;
  const admission = admissionOf(cluster, policy);
  // Where no node has room for one more, what runs there already may stay.
  const fits = nodeShortage(cluster, request) ? Math.min(current, fitsInto(free, request)) : fitsInto(free, request);
  const wanted = workload.replicas === 0 ? 0 : (policy.minPerCluster ?? 0);
  return { cluster, admission, request, free, current, fits, ...bounds(admission, current, fits, wanted) };
}

function admissionOf(cluster: CandidateCluster, policy: PlacementPolicy): Admission {
  if (!cluster.eligible) return 'not_eligible';
  const isChosen = policy.clusters ? policy.clusters.includes(cluster.name) : policy.mode === 'spread';
  if (!isChosen) return 'not_chosen';
  return cluster.phase === 'ready' ? 'open' : 'held';
}

function bounds(admission: Admission, current: number, fits: number, minimum: number) {
  switch (admission) {
    case 'open':
      return { atLeast: Math.min(minimum, fits), atMost: fits };
    case 'held':
      // Unreachable is not dead: its replicas stay counted there until someone moves them.
      return { atLeast: 0, atMost: current };
    default:
      return { atLeast: 0, atMost: 0 };
  }
}
