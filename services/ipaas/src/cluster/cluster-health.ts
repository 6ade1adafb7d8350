import type { ObservedCluster } from '@berth/contracts';

/** What we last heard when we asked the cluster something. */
export interface Answer {
  readonly kind: 'ok' | 'denied' | 'silent';
  readonly atMs: number;
  readonly detail: string | null;
}

/** Up to when everything of one kind is known, epoch ms. */
export interface KindAge {
  readonly kind: string;
  readonly currentAtMs: number;
}

export interface HealthInput {
  readonly isSynced: boolean;
  /** Of every watch. */
  readonly kinds: readonly KindAge[];
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
 * Whether what we know of the cluster is current: it was heard of, and every watch follows. Quiet watches are current as
 * long as the cluster answers; one that cannot follow is not, whatever the cluster answers. A refusal (401, 403) is a word
 * too: the cluster is there, our credential is not enough, and what we know grows old.
 */
export function clusterHealth({ isSynced, kinds, watchHeardAtMs, lastAnswer, nowMs }: HealthInput): ClusterHealth {
  const answeredAtMs = lastAnswer && lastAnswer.kind !== 'silent' ? lastAnswer.atMs : 0;
  const heardAtMs = Math.max(watchHeardAtMs, answeredAtMs);
  const detail = lastAnswer?.detail ?? null;
  if (lastAnswer?.kind === 'denied' && nowMs - lastAnswer.atMs <= staleAfterMs)
    return { watch: 'denied', heardAtMs, detail };
  if (!isSynced) return { watch: 'connecting', heardAtMs, detail };
  const knownAtMs = Math.min(heardAtMs, ...kinds.map(({ currentAtMs }) => currentAtMs));
  if (nowMs - knownAtMs <= staleAfterMs) return { watch: 'live', heardAtMs: knownAtMs, detail: null };
  const behind = kinds.filter(({ currentAtMs }) => nowMs - currentAtMs > staleAfterMs).map(({ kind }) => kind);
  const words = behind.length > 0 ? `the cluster does not tell what becomes of ${behind.join(', ')}` : null;
  return { watch: 'stale', heardAtMs: knownAtMs, detail: detail ?? words ?? 'the cluster does not answer' };
}
