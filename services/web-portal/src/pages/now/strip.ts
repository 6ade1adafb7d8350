import type { CmdbSource, Cluster, PlatformHealth } from '@berth/api';
import type { Tone } from '../../ui/tone.js';

/** A relay takes a command within a second; this long means that something is in the way. */
const busLateMs = 5_000;
const busBadMs = 60_000;
const day = 24 * 60 * 60_000;

export const busTone = (delayMs: number): Tone => (delayMs >= busBadMs ? 'bad' : delayMs >= busLateMs ? 'warn' : 'ok');

/** An owner answers within a second or two; what is silent longer than a late bus would explain is named. */
export function silentOwners(health: Pick<PlatformHealth, 'unanswered'>): PlatformHealth['unanswered'] {
  return health.unanswered.filter(({ delayMs }) => delayMs >= ownerLateMs);
}
const ownerLateMs = 15_000;

/**
 * The CMDB pushes at least once a day; without a word for two it is late. A real source counts, the one that was silent
 * for longest; a sample that is pushed once is not late, and does not hide one that is.
 */
export function cmdbState(
  sources: readonly Pick<CmdbSource, 'sample' | 'removed' | 'pushedAt'>[],
  now: number,
): { tone: Tone; at: number | null } {
  const there = sources.filter(({ removed, pushedAt }) => !removed && pushedAt !== null);
  const real = there.filter(({ sample }) => !sample);
  const times = (real.length > 0 ? real : there).map(({ pushedAt }) => Date.parse(pushedAt ?? ''));
  if (times.length === 0) return { tone: 'off', at: null };
  const at = Math.min(...times);
  return { tone: real.length > 0 && now - at > 2 * day ? 'warn' : 'ok', at };
}

/** Clusters whose probe or watch no longer speaks. */
export function silentClusters(clusters: readonly Cluster[]): readonly Cluster[] {
  return clusters.filter(({ phase, watch }) => phase === 'suspect' || phase === 'dead' || watch === 'stale');
}
