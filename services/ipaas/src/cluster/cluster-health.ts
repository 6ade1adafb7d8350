import type { ObservedCluster } from '@berth/contracts';

/** What we last heard when we asked the cluster something. */
export interface Answer {
  readonly kind: 'ok' | 'denied' | 'silent';
  readonly atMs: number;
  readonly detail: string | null;
}

export interface HealthInput {
  readonly isSynced: boolean;
  /** By any watch; 0: never. */
  readonly watchHeardAtMs: number;
  readonly lastAnswer: Answer | null;
  readonly nowMs: number;
}

export interface ClusterHealth {
  readonly watch: ObservedCluster['watch'];
  readonly heardAtMs: number;
  readonly detail: string | null;
}

/** So long without a word and what we know is old. */
export const staleAfterMs = 10_000;

/**
 * Whether what we know of the cluster is current. A refusal (401, 403) is a word too: the cluster is there, our credential
 * is not enough, and what we know grows old.
 */
export function clusterHealth({ isSynced, watchHeardAtMs, lastAnswer, nowMs }: HealthInput): ClusterHealth {
  const answeredAtMs = lastAnswer && lastAnswer.kind !== 'silent' ? lastAnswer.atMs : 0;
  const heardAtMs = Math.max(watchHeardAtMs, answeredAtMs);
  const detail = lastAnswer?.detail ?? null;
  if (lastAnswer?.kind === 'denied' && nowMs - lastAnswer.atMs <= staleAfterMs)
    return { watch: 'denied', heardAtMs, detail };
  if (isSynced && nowMs - heardAtMs <= staleAfterMs) return { watch: 'live', heardAtMs, detail: null };
  if (isSynced) return { watch: 'stale', heardAtMs, detail: detail ?? 'the cluster does not answer' };
  return { watch: 'connecting', heardAtMs, detail };
}
