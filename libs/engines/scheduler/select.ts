import type { Candidate } from './filter.js';
import { freeShare } from './score.js';

/** Replicas by cluster name. The sum is less than asked only when every cluster is at its upper bound. */
export type Split = ReadonlyMap<string, number>;

/**
 * Starts from what runs and moves one replica at a time, so that nothing is moved without need:
 * the emptiest row gets the next one, the fullest row gives one up. Equal rows: the freer cluster gets,
 * the one that is not ready or less free gives, then the name decides. `anew` starts from the minimum where a cluster is
 * ready; of equal rows the one that had more gets then.
 */
export function select(candidates: readonly Candidate[], replicas: number, anew = false): Split {
  const start = (c: Candidate) =>
    anew && c.admission === 'open' ? c.atLeast : Math.max(c.atLeast, Math.min(c.current, c.atMost));
  const split = new Map(candidates.map((c) => [c.cluster.name, start(c)]));
  const of = (c: Candidate) => split.get(c.cluster.name) ?? 0;
  let sum = candidates.reduce((total, c) => total + of(c), 0);

  for (; sum < replicas; sum += 1) {
    const next = best(
      candidates.filter((c) => of(c) < c.atMost),
      (a, b) => byRoom(a, b, of),
    );
    if (!next) return split;
    split.set(next.cluster.name, of(next) + 1);
  }
  for (; sum > replicas; sum -= 1) {
    const last =
      best(
        candidates.filter((c) => of(c) > c.atLeast),
        (a, b) => byLoad(a, b, of),
      ) ??
      // The minimum asks for more than the total: the caller sees it as rows below their minimum.
      best(
        candidates.filter((c) => of(c) > 0),
        (a, b) => byLoad(a, b, of),
      );
    if (!last) return split;
    split.set(last.cluster.name, of(last) - 1);
  }
  return split;
}

type Order = (a: Candidate, b: Candidate) => number;

function best(candidates: readonly Candidate[], order: Order): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>((top, c) => (top && order(top, c) <= 0 ? top : c), undefined);
}

function byRoom(a: Candidate, b: Candidate, of: (c: Candidate) => number): number {
  const hadMore = (c: Candidate) => Number(of(c) < c.current);
  return of(a) - of(b) || hadMore(b) - hadMore(a) || freeShare(b, of(b) + 1) - freeShare(a, of(a) + 1);
}

function byLoad(a: Candidate, b: Candidate, of: (c: Candidate) => number): number {
  const isReady = (c: Candidate) => Number(c.admission === 'open');
  return of(b) - of(a) || isReady(a) - isReady(b) || freeShare(a, of(a)) - freeShare(b, of(b)) || byNameBackwards(a, b);
}

function byNameBackwards(a: Candidate, b: Candidate): number {
  return a.cluster.name < b.cluster.name ? 1 : -1;
}
