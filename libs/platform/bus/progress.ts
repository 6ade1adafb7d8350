/** What is known of a consumer's movement; times by one monotonic clock, in milliseconds. */
export interface Observation {
  /** It has partitions and should be fetching. */
  readonly assigned: boolean;
  readonly lastFetchMs: number;
  /** Since when a partition stands at its offset although records are at hand, the oldest of all; null when none does. */
  readonly unmovedSinceMs: number | null;
  /** Records wait in its partitions; null when the brokers could not be asked. */
  readonly lag: boolean | null;
  readonly nowMs: number;
}

export type Progress = 'moving' | 'stuck' | 'dead';

/** No movement for this long: other copies should get the traffic. */
export const stuckAfterMs = 30_000;
/** No movement for this long: only a new process helps. */
export const deadAfterMs = 60_000;

/**
 * Whether the consumer moves. A client can stop to fetch for ever while its process looks healthy; a handler can hang; and
 * a consumer can fail at one record, be made anew and fail again, fetching all the while. Silence without lag is fine, and so is silence while the brokers are away.
 */
export function judgeProgress({ assigned, lastFetchMs, unmovedSinceMs, lag, nowMs }: Observation): Progress {
  if (unmovedSinceMs !== null) return severityOf(nowMs - unmovedSinceMs);
  if (!assigned || lag !== true) return 'moving';
  return severityOf(nowMs - lastFetchMs);
}

function severityOf(silentMs: number): Progress {
  if (silentMs >= deadAfterMs) return 'dead';
  return silentMs >= stuckAfterMs ? 'stuck' : 'moving';
}
