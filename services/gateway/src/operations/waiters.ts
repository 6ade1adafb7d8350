import type { StoredHint } from '../feed/feed.js';
import type { FeedTail } from '../feed/feed.tail.js';

/** Lets requests wait for changes of one operation, by the feed. */
export class OperationWaiters {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(tail: Pick<FeedTail, 'hear'>) {
    tail.hear((hints) => this.heard(hints));
  }

  /**
   * Asks `look` now and at every change of the operation until it gives something, `patienceMs` have passed or `signal`
   * is aborted; undefined then.
   */
  async until<T>(
    operationId: string,
    look: () => Promise<T | undefined>,
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    let changed = true;
    let rouse = () => {};
    const wake = () => {
      changed = true;
      rouse();
    };
    const leave = this.enter(operationId, wake);
    over.addEventListener('abort', wake);
    try {
      while (changed && !over.aborted) {
        changed = false;
        const found = await look();
        if (found !== undefined) return found;
        if (!changed) await new Promise<void>((resolve) => (rouse = resolve));
      }
      return undefined;
    } finally {
      over.removeEventListener('abort', wake);
      leave();
    }
  }

  private enter(operationId: string, wake: () => void): () => void {
    const wakes = this.waiting.get(operationId) ?? new Set();
    this.waiting.set(operationId, wakes.add(wake));
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0) this.waiting.delete(operationId);
    };
  }

  private heard(hints: readonly StoredHint[]): void {
    for (const { kind, key } of hints) if (kind === 'operation') this.waiting.get(key)?.forEach((wake) => wake());
  }
}
