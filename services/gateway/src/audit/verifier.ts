import type { AuditChain, AuditVerification } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import { ChainWalk } from './chain.js';
import type { ChainStore } from './chain.store.pg.js';

const batchRows = 5_000;

/** Checks the audit log from its first row to its last. */
export class AuditVerifier {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly store: ChainStore,
    private readonly clock: Clock,
  ) {}

  /** The chain as it is, and what the last check found. */
  async state(): Promise<AuditChain> {
    const [head, waiting, verification] = await Promise.all([
      this.store.head(this.database),
      this.store.countUnchained(this.database),
      this.store.lastVerification(this.database, { clean: false }),
    ]);
    return { headSequence: head.sequence, waiting, verification };
  }

  /** Walks all rows that were chained when it began, and remembers what it found. */
  async verify(by: string): Promise<AuditVerification> {
    const at = this.clock.now();
    const startedMs = performance.now();
    const known = await this.store.lastVerification(this.database, { clean: true });
    const anchor = known && known.rows > 0 ? { sequence: known.headSequence, hash: known.headHash } : null;
    const head = await this.store.head(this.database);
    const walk = new ChainWalk(anchor);
    for (let after = 0; ;) {
      const rows = await this.store.read(this.database, after, batchRows);
      const end = rows.length < batchRows ? await this.store.head(this.database) : null;
      for (const row of rows) {
        if (row.sequence <= head.sequence) walk.take(row);
        // What was chained meanwhile is for the next check.
        else if (end && row.sequence > end.sequence) walk.takeBeyond(row);
      }
      if (end) break;
      after = rows.at(-1)?.sequence ?? after;
    }
    const verification: AuditVerification = {
      at: at.toISOString(),
      by,
      rows: walk.count,
      headSequence: head.sequence,
      headHash: head.hash,
      durationMs: Math.round(performance.now() - startedMs),
      findings: walk.end(head),
    };
    await this.database.transaction((tx) => this.store.addVerification(tx, verification));
    return verification;
  }
}
