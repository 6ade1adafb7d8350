import type { Cluster } from '@berth/api';
import type { Tone } from '../../ui/tone.js';

/** A relay takes a command within a second; this long means that something is in the way. */
const busLateMs = 5_000;
const busBadMs = 60_000;
const day = 24 * 60 * 60_000;

export const busTone = (delayMs: number): Tone => (delayMs >= busBadMs ? 'bad' : delayMs >= busLateMs ? 'warn' : 'ok');

/** The CMDB pushes at least once a day; without a word for two it is late. */
export function cmdbTone(lastPushAt: number | null, now: number): Tone {
  if (lastPushAt === null) return 'off';
  return now - lastPushAt > 2 * day ? 'warn' : 'ok';
}

/** Clusters whose probe or watch no longer speaks. */
export function silentClusters(clusters: readonly Cluster[]): readonly Cluster[] {
  return clusters.filter(({ phase, watch }) => phase === 'suspect' || phase === 'dead' || watch === 'stale');
}
