import type { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { metrics } from '@berth/platform/metrics';
import type { Database } from '@berth/platform/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { chain } from './chain.js';
import type { ChainStore } from './chain.store.pg.js';

const everyMs = 1_000;
/** Rows that come within this time are chained together. */
const gatherMs = 50;
const batchRows = 1_000;
/** How often the end of the chain goes to the log, where nobody who rewrites the table can reach it. */
const anchorEveryRows = 1_000;

/**
 * Gives written audit rows their places in the chain. Every copy runs one; the lock on the end of the chain lets one at a
 * time work, and whoever writes a row never waits for it.
 */
export class AuditChainer {
  private readonly loop: WakeableLoop;
  private anchored = 0;

  constructor(
    private readonly database: Pick<Database, 'transaction' | 'query'>,
    private readonly store: ChainStore,
    private readonly log: Logger,
  ) {
    this.loop = new WakeableLoop({ name: 'audit-chain', everyMs, log, run: (signal) => this.run(signal) });
    metrics.gauge('berth_audit_unchained_rows', 'Audit rows that wait to be chained', [], async (gauge) =>
      gauge.set(await store.countUnchained(database)),
    );
  }

  start(): void {
    this.loop.start();
  }

  wake(): void {
    this.loop.wake();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Chains one batch; how many rows it had, or undefined while another copy is at it. */
  async chainSome(): Promise<number | undefined> {
    return this.database.transaction(async (tx) => {
      const head = await this.store.lockHead(tx);
      if (!head) return undefined;
      const rows = chain(head, await this.store.unchained(tx, batchRows));
      const last = rows.at(-1);
      if (!last) return 0;
      await this.store.save(tx, rows);
      tx.afterCommit(() => this.anchor(last.sequence, last.hash));
      return rows.length;
    });
  }

  private async run(signal: AbortSignal): Promise<void> {
    await delay(gatherMs, undefined, { signal }).catch(() => undefined);
    while (!signal.aborted && (await this.chainSome()) === batchRows);
  }

  private anchor(sequence: number, hash: string): void {
    if (this.anchored !== 0 && sequence < this.anchored + anchorEveryRows) return;
    this.anchored = sequence;
    this.log.info('End of the audit chain', { sequence, hash });
  }
}
