import { DatabaseUnavailable } from '../errors/index.js';
import type { Database, Tx } from '../postgres/index.js';

export interface GroupCommitOptions<Item, Result> {
  readonly database: Pick<Database, 'transaction'>;
  /** Does all items in one transaction, results in the same order. May run again with fewer items, so no effects outside of it. */
  readonly run: (tx: Tx, items: readonly Item[]) => Promise<readonly Result[]>;
  /** Most items in one transaction; 500 unless given. */
  readonly maxItems?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits what many callers bring at the same time with one transaction: under load one flush to disk serves hundreds of
 * callers, alone a caller waits for nothing. `submit` resolves when the item is durable. When a group is refused, each of its
 * items is tried alone, so that a bad one does not fail its neighbours. When the database went away the group may have been
 * committed all the same: nothing is tried again here, and every caller hears of it.
 */
export class GroupCommit<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(private readonly options: GroupCommitOptions<Item, Result>) {}

  submit(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    // What else this turn of the event loop brings belongs to the same group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, this.options.maxItems ?? 500);
      await this.commit(group);
    }
    this.running = false;
  }

  private async commit(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.database.transaction((tx) =>
        this.options.run(
          tx,
          group.map(({ item }) => item),
        ),
      );
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (group.length === 1 || error instanceof DatabaseUnavailable) group.forEach(({ reject }) => reject(error));
      else await Promise.all(group.map((one) => this.commit([one])));
    }
  }
}
