import type { Assignment } from '@berth/contracts';

/** The second half of a move: the split that is meant, once every replica of the first half is ready. */
export interface Move {
  /** Of the first half. */
  readonly generation: number;
  readonly to: readonly Assignment[];
}

interface Circumstances {
  /** The replicas of an earlier move may not be ready yet. */
  readonly isMoving: boolean;
  readonly isReady: (cluster: string) => boolean;
}

/**
 * The first half of a move: clusters that gain replicas get them, those that lose some keep them for now, so that the
 * service never runs fewer than it did. Null when the split can be had at once: nobody loses any, nobody has to be waited
 * for, or the service stops. In a cluster that is not ready nothing is kept: it could be waited for without end.
 */
export function firstHalf(
  now: readonly Assignment[],
  wanted: readonly Assignment[],
  { isMoving, isReady }: Circumstances,
): Assignment[] | null {
  const here = new Map(now.map((row) => [row.cluster, row]));
  const meant = new Map(wanted.map((row) => [row.cluster, row]));
  const isGaining = wanted.some(({ cluster, replicas }) => replicas > (here.get(cluster)?.replicas ?? 0));
  const stops = wanted.every(({ replicas }) => replicas === 0);
  const kept = now.filter(
    ({ cluster, replicas }) => replicas > (meant.get(cluster)?.replicas ?? 0) && isReady(cluster),
  );
  if (stops || kept.length === 0 || !(isGaining || isMoving)) return null;
  const rows = kept.map((row): Assignment => {
    const after = meant.get(row.cluster);
    const reason = { code: 'until_moved', params: { to: after?.replicas ?? 0 } };
    return { ...row, epoch: after?.epoch ?? row.epoch, reason };
  });
  const others = wanted.filter(({ cluster }) => !rows.some((row) => row.cluster === cluster));
  return [...rows, ...others].sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}
