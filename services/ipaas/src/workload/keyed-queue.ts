/** What a run of a key asks for next. */
export type RunResult = 'done' | 'again';

export interface KeyedQueueOptions {
  /** One key's work. `again`: the plan was outdated, try soon. A throw: try later, with a growing pause. */
  readonly run: (key: string, signal: AbortSignal) => Promise<RunResult>;
  /** Keys that are worked on at the same time; one key never runs twice at once. */
  readonly concurrency: number;
  readonly firstBackoffMs?: number;
  readonly lastBackoffMs?: number;
}

interface Entry {
  failures: number;
  /** Asked for again while it runs. */
  dirty: boolean;
  state: 'queued' | 'running' | 'pausing' | 'idle';
  timer?: NodeJS.Timeout;
}

/**
 * Work by key: asked for any number of times, done once; failures wait 0.2 s, doubled up to 60 s, for that key alone.
 * Every cluster has its own queue, so a slow one delays no other.
 */
export class KeyedQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly waiting: string[] = [];
  private readonly stopping = new AbortController();
  private running = new Set<Promise<void>>();

  constructor(private readonly options: KeyedQueueOptions) {}

  /** Asks for a run. `afresh`: something new was decided, so an earlier failure no longer counts. */
  add(key: string, { afresh = false }: { afresh?: boolean } = {}): void {
    if (this.stopping.signal.aborted) return;
    const entry = this.entries.get(key) ?? { failures: 0, dirty: false, state: 'idle' };
    this.entries.set(key, entry);
    if (afresh) entry.failures = 0;
    if (entry.state === 'running') entry.dirty = true;
    else if (entry.state === 'idle' || (entry.state === 'pausing' && afresh)) this.enqueue(key, entry);
  }

  /** Keys that wait, run or pause. */
  get size(): number {
    return this.entries.size;
  }

  /** Aborts what runs and resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const entry of this.entries.values()) clearTimeout(entry.timer);
    this.waiting.length = 0;
    await Promise.all(this.running);
    this.entries.clear();
  }

  private enqueue(key: string, entry: Entry): void {
    clearTimeout(entry.timer);
    entry.state = 'queued';
    this.waiting.push(key);
    this.startMore();
  }

  private startMore(): void {
    while (this.running.size < this.options.concurrency && !this.stopping.signal.aborted) {
      const key = this.waiting.shift();
      if (key === undefined) return;
      const entry = this.entries.get(key);
      if (!entry) continue;
      const finished: Promise<void> = this.runOnce(key, entry).finally(() => {
        this.running.delete(finished);
        this.startMore();
      });
      this.running.add(finished);
    }
  }

  private async runOnce(key: string, entry: Entry): Promise<void> {
    entry.state = 'running';
    entry.dirty = false;
    const result = await this.options.run(key, this.stopping.signal).catch(() => 'failed' as const);
    if (this.stopping.signal.aborted) return;
    if (result === 'failed') return this.pauseThenRetry(key, entry, entry.failures++);
    if (result === 'again') return this.pauseThenRetry(key, entry, 0);
    entry.failures = 0;
    if (entry.dirty) this.enqueue(key, entry);
    else this.entries.delete(key);
  }

  private pauseThenRetry(key: string, entry: Entry, failures: number): void {
    const { firstBackoffMs = 200, lastBackoffMs = 60_000 } = this.options;
    entry.state = 'pausing';
    const pauseMs = Math.min(lastBackoffMs, firstBackoffMs * 2 ** failures);
    entry.timer = setTimeout(() => this.enqueue(key, entry), pauseMs);
  }
}
