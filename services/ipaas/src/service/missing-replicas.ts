import type { MissingReplicas } from '@berth/api';
import type { Observed, Target } from './service.js';

/** What is known of a service where containers are missing. */
export interface Present {
  readonly targets: readonly Target[];
  readonly observed: readonly Observed[];
  /** Containers that have not ended, by cluster. */
  readonly containers: ReadonlyMap<string, number>;
  readonly paused: boolean;
  readonly unreadySince: Date | null;
}

/** Replicas that are wanted and have no container at all, by cluster, with why: a cell of the matrix for each. */
export function missingReplicas({ targets, observed, containers, paused, unreadySince }: Present): MissingReplicas[] {
  return targets
    .filter(({ phase }) => phase === 'run')
    .map((target) => ({ target, count: target.replicas - (containers.get(target.cluster) ?? 0) }))
    .filter(({ count }) => count > 0)
    .map(({ target: { cluster }, count }) => {
      const row = observed.find((one) => one.cluster === cluster);
      return {
        cluster,
        count,
        reason: reasonOf(row, paused),
        detail: row?.causeDetail ?? null,
        since: unreadySince?.toISOString() ?? null,
      };
    })
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

function reasonOf(row: Observed | undefined, paused: boolean): string {
  if (paused) return 'paused';
  if (row?.fresh === false) return 'cluster_silent';
  if (row?.causeCode === 'unschedulable') return 'no_capacity';
  return row?.causeCode ?? 'starting';
}
