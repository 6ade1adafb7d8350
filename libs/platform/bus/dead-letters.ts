import { refuse } from '../errors/index.js';
import { metrics } from '../metrics/index.js';
import type { Database, Tx } from '../postgres/index.js';
import { putBack } from './inbox.store.js';
import { RecordColumns } from './record.js';

/** A message that was given up, as the page of dead letters shows it. */
export interface DeadLetter {
  readonly id: number;
  readonly stream: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly type: string | null;
  readonly envelope: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** The original bytes as text; null for a tombstone. */
  readonly value: string | null;
  readonly reason: string;
  readonly error: string | null;
  readonly attempts: number;
  readonly at: Date;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolution: 'replayed' | 'discarded' | null;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  /** Give it as `before` for the next page; null on the last one. */
  readonly before: number | null;
}

/** The dead letters of this service. */
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly wakeRetries: () => void,
  ) {
    metrics.gauge('berth_dead_letters', 'Open dead letters', [], async (gauge) => {
      const [row] = await database.query<{ open: number }>(
        'select count(*) as open from dead_letter where resolved_at is null',
      );
      gauge.set(row?.open ?? 0);
    });
  }

  /** Newest first; `open` leaves out what was replayed or discarded. */
  async list(page: { before?: number; limit: number; open?: boolean }): Promise<DeadLetterPage> {
    const rows = await this.database.query<Omit<DeadLetter, 'value'> & { value: Buffer | null }>(
      `select id, stream, partition, "offset", key, type, envelope, headers, value, reason, error, attempts,
              at, resolved_at as "resolvedAt", resolved_by as "resolvedBy", resolution
       from dead_letter
       where ($1::bigint is null or id < $1) and (not $2 or resolved_at is null)
       order by id desc limit $3`,
      [page.before ?? null, page.open ?? false, page.limit + 1],
    );
    const items = rows.slice(0, page.limit).map((row) => ({ ...row, value: row.value && row.value.toString('utf8') }));
    return { items, before: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
  }

  /**
   * Handles the message anew, behind what waits of its key, without the check for duplicates; a state message is still
   * dropped when a newer one was handled. When it fails again it is a new dead letter.
   * @throws ProblemError not_found, nothing_to_do
   */
  async replay(id: number, by: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [row] = await tx.query('select * from dead_letter where id = $1 and resolved_at is null for update', [id]);
      await this.resolve(tx, id, by, 'replayed');
      const { type } = row as { type: string | null };
      await putBack(tx, RecordColumns.parse(row), type ?? 'unknown');
      tx.afterCommit(this.wakeRetries);
    });
  }

  /** Puts the message away for good. @throws ProblemError not_found, nothing_to_do */
  async discard(id: number, by: string): Promise<void> {
    await this.database.transaction((tx) => this.resolve(tx, id, by, 'discarded'));
  }

  private async resolve(tx: Tx, id: number, by: string, resolution: 'replayed' | 'discarded'): Promise<void> {
    const rows = await tx.query(
      `update dead_letter set resolved_at = clock_timestamp(), resolved_by = $2, resolution = $3
       where id = $1 and resolved_at is null returning 1`,
      [id, by, resolution],
    );
    if (rows.length > 0) return;
    const known = await tx.query('select 1 from dead_letter where id = $1', [id]);
    throw known.length > 0
      ? refuse('nothing_to_do', { reason: 'The dead letter was replayed or discarded already.' })
      : refuse('not_found', { what: 'dead letter' });
  }
}
