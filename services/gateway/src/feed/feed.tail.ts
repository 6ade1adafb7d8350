import type { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import type { Database } from '@berth/platform/postgres';
import type { StoredHint } from './feed.js';
import { feedChannel, type FeedStore } from './feed.store.pg.js';

type Heard = (hints: readonly StoredHint[]) => void;
const pollMs = 1_000;
const batch = 1_000;

/** Reads the feed as it grows, once for all readers of this copy. */
export class FeedTail {
  private readonly listeners = new Set<Heard>();
  private readonly loop: WakeableLoop;
  private stopListening: (() => Promise<void>) | undefined;
  private reached: number | undefined;

  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction' | 'listen'>,
    private readonly store: FeedStore,
    log: Logger,
  ) {
    this.loop = new WakeableLoop({ name: 'feed', everyMs: pollMs, maxBackoffMs: 2_000, log, run: () => this.round() });
  }

  /** Highest number that this copy has read, or undefined before the first round. */
  get position(): number | undefined {
    return this.reached;
  }

  async start(): Promise<void> {
    this.stopListening = await this.database.listen(feedChannel, () => this.loop.wake());
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.stopListening?.();
    await this.loop.stop();
  }

  /** Hears every hint above `position` at this moment, in order, until the returned function is called. */
  hear(heard: Heard): () => void {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  private async round(): Promise<void> {
    await this.store.number(this.database);
    this.reached ??= (await this.store.bounds(this.database)).newest ?? 0;
    for (;;) {
      const hints = await this.store.read(this.database, this.reached, null, batch);
      const last = hints.at(-1);
      if (!last) return;
      this.reached = last.seq;
      for (const heard of [...this.listeners]) heard(hints);
      if (hints.length < batch) return;
    }
  }
}
