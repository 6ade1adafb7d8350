import type { Database, Tx } from '../postgres/index.js';

/** Somebody else has the lease by now; whatever the transaction did must not be committed. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Work that this copy alone does now. */
export interface Lease {
  readonly name: string;
  /** Rises with every change of the holder. Write it with what you do; a lower one is fenced off. */
  readonly fence: number;
  /** Call it first in a transaction: it holds the lease until the commit, or throws `LeaseLost`. */
  check(tx: Tx): Promise<void>;
  /** For how long the lease surely lasts, by this process's clock. 0 when it may be gone. */
  remainingMs(): number;
}

/** A lease that was taken, with the time of its last renewal. */
export class HeldLease implements Lease {
  private renewedAtMs: number;

  constructor(
    readonly name: string,
    readonly fence: number,
    private readonly run: string,
    private readonly ttlMs: number,
    askedAtMs: number,
  ) {
    this.renewedAtMs = askedAtMs;
  }

  async check(tx: Tx): Promise<void> {
    // The share lock makes a takeover wait until this transaction has ended.
    const rows = await tx.query(
      'select 1 from lease where name = $1 and run = $2 and fence = $3 and expires_at > clock_timestamp() for share',
      [this.name, this.run, this.fence],
    );
    if (rows.length === 0) throw new LeaseLost(`the lease ${this.name} with fence ${this.fence} is lost`);
  }

  remainingMs(): number {
    return Math.max(0, this.renewedAtMs + this.ttlMs - performance.now());
  }

  /** True when it was renewed; false when somebody else has it. Counts from before the question, to be on the safe side. */
  async renew(database: Database): Promise<boolean> {
    const askedAtMs = performance.now();
    const rows = await database.query(
      `update lease set expires_at = clock_timestamp() + make_interval(secs => $4)
       where name = $1 and run = $2 and fence = $3 and expires_at > clock_timestamp() returning 1`,
      [this.name, this.run, this.fence, this.ttlMs / 1_000],
    );
    if (rows.length > 0) this.renewedAtMs = askedAtMs;
    return rows.length > 0;
  }

  async release(database: Database): Promise<void> {
    await database.query(
      `with released as (
         update lease set expires_at = '-infinity' where name = $1 and run = $2 and fence = $3 returning name
       )
       select pg_notify('berth_lease', name) from released`,
      [this.name, this.run, this.fence],
    );
  }
}
