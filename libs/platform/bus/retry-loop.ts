import { plainText, type ServiceName } from '@berth/contracts';
import { DatabaseUnavailable, InvalidMessage, messageOf } from '../errors/index.js';
import type { Logger } from '../log/index.js';
import { WakeableLoop } from '../loop/index.js';
import { metrics } from '../metrics/index.js';
import type { Database, Tx } from '../postgres/index.js';
import type { DeadLetterWriter } from './dead-letter-writer.js';
import type { Inbox } from './inbox.js';
import { advance, forgetOld } from './inbox.store.js';
import { RecordColumns, sortRecord, type ArrivedRecord } from './record.js';
import { envelopeOf } from './replay.js';
import { afterFailure } from './retry-schedule.js';

export interface RetryLoopOptions {
  readonly service: ServiceName;
  readonly database: Database;
  readonly inbox: Pick<Inbox, 'handle'>;
  readonly deadLetters: DeadLetterWriter;
  readonly log: Logger;
}

interface Waiting {
  readonly position: number;
  readonly attempts: number;
  readonly replayed: boolean;
  readonly firstAt: Date;
  readonly record: ArrivedRecord;
}

/**
 * Tries messages again that were put aside. Only the oldest of a key is ever tried, under a row lock, so that copies do
 * not meet and the order of a key holds. When it is done, those that wait behind it follow at once.
 */
export class RetryLoop {
  private readonly loop: WakeableLoop;
  private readonly tidying: WakeableLoop;

  constructor(private readonly options: RetryLoopOptions) {
    const { database, log } = options;
    this.loop = new WakeableLoop({ name: 'retry', everyMs: 500, log, run: (signal) => this.runDue(signal) });
    this.tidying = new WakeableLoop({
      name: 'inbox',
      everyMs: 600_000,
      log,
      run: async (signal) => {
        while (!signal.aborted && (await database.transaction(forgetOld)) > 0);
      },
    });
    metrics.gauge('berth_bus_retry_rows', 'Messages that wait to be tried again or behind one', [], async (gauge) => {
      const [row] = await database.query<{ rows: number }>('select count(*) as rows from retry');
      gauge.set(row?.rows ?? 0);
    });
  }

  start(): void {
    this.loop.start();
    this.tidying.start();
  }

  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await Promise.all([this.loop.stop(), this.tidying.stop()]);
  }

  private async runDue(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.tryOne()));
  }

  /** Tries one message that is due; false when there is none. */
  private async tryOne(): Promise<boolean> {
    let waiting: Waiting | undefined;
    try {
      return await this.options.database.transaction(async (tx) => {
        waiting = await claim(tx);
        if (!waiting) return false;
        await this.handle(tx, waiting);
        await tx.query('delete from retry where position = $1', [waiting.position]);
        return true;
      });
    } catch (error) {
      if (error instanceof DatabaseUnavailable || !waiting) throw error;
      await this.failed(waiting, error);
      return true;
    }
  }

  private async handle(tx: Tx, { record, replayed }: Waiting): Promise<void> {
    const sorted = sortRecord(record, this.options.service);
    if (sorted.kind === 'skip') throw new InvalidMessage(`this version does not handle the type ${sorted.type}`);
    if (sorted.kind === 'invalid') throw new InvalidMessage(sorted.reason);
    const { envelope, data } = sorted.parsed;
    const isNewest = await advance(tx, record.stream, envelope);
    // A replayed command or event is wanted although later ones were handled; an old state would undo a newer one.
    if (isNewest || (replayed && sorted.row.kind !== 'state')) await this.options.inbox.handle(tx, envelope, data);
  }

  private async failed({ position, attempts, record, firstAt }: Waiting, error: unknown): Promise<void> {
    const { database, log, deadLetters } = this.options;
    const failures = attempts + 1;
    const next = afterFailure(error, failures);
    const gone = await database.transaction(async (tx) => {
      // Another copy may have taken it between the two transactions; then its outcome counts.
      const rows = await tx.query('select 1 from retry where position = $1 and attempts = $2 for update skip locked', [
        position,
        attempts,
      ]);
      if (rows.length === 0) return true;
      if (next.kind === 'again') {
        await postpone(tx, position, failures, next.delayMs, messageOf(error));
      } else {
        await tx.query('delete from retry where position = $1', [position]);
        await deadLetters.write(tx, {
          record,
          envelope: envelopeOf(record, this.options.service),
          reason: messageOf(error),
          error: error instanceof Error ? (error.stack ?? null) : null,
          attempts: failures,
          firstAt,
        });
      }
      return false;
    });
    if (gone) return;
    const fields = { type: record.headers.ce_type, subject: record.key, id: record.headers.ce_id, attempts: failures };
    if (next.kind === 'again') log.warn('A message failed again', { ...fields, nextMs: next.delayMs, err: error });
    else log.error('A message was given up; it is a dead letter now', { ...fields, err: error });
  }
}

async function claim(tx: Tx): Promise<Waiting | undefined> {
  const [row] = await tx.query<{ position: number; attempts: number; replayed: boolean; created_at: Date }>(
    `select * from retry
     where next_at <= clock_timestamp() and not exists (
       select 1 from retry as earlier
       where earlier.stream = retry.stream and earlier.key = retry.key and earlier.position < retry.position
     )
     order by next_at limit 1 for update skip locked`,
  );
  if (!row) return undefined;
  const { position, attempts, replayed, created_at: firstAt } = row;
  return { position, attempts, replayed, firstAt, record: RecordColumns.parse(row) };
}

async function postpone(tx: Tx, position: number, attempts: number, delayMs: number, error: string): Promise<void> {
  await tx.query(
    `update retry set attempts = $2, next_at = clock_timestamp() + make_interval(secs => $3), error = $4
     where position = $1`,
    [position, attempts, delayMs / 1_000, plainText(error)],
  );
}
