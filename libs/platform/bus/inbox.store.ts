import { plainText, type Envelope } from '@berth/contracts';
import type { Tx } from '../postgres/index.js';
import { keepable, type ArrivedRecord } from './record.js';

/** True when this message is seen for the first time. Waits for another transaction that is just taking it. */
export async function remember(tx: Tx, { source, id }: Envelope): Promise<boolean> {
  const rows = await tx.query('insert into inbox (source, id) values ($1, $2) on conflict do nothing returning 1', [
    source,
    id,
  ]);
  return rows.length > 0;
}

/** True when an earlier message of the key still waits to be tried again. */
export async function isKeyBlocked(tx: Tx, { stream, key }: ArrivedRecord): Promise<boolean> {
  const rows = await tx.query('select 1 from retry where stream = $1 and key = $2 limit 1', [stream, key]);
  return rows.length > 0;
}

/** True when the message is newer than all that were handled of its source, stream and key. Locks that key until the commit. */
export async function advance(tx: Tx, stream: string, { source, subject, sequence }: Envelope): Promise<boolean> {
  const rows = await tx.query(
    `insert into inbox_sequence (source, stream, key, last) values ($1, $2, $3, $4)
     on conflict (source, stream, key) do update set last = excluded.last where inbox_sequence.last < excluded.last
     returning 1`,
    [source, stream, subject, sequence],
  );
  return rows.length > 0;
}

/** Puts a message behind the others of its key that wait. */
export async function park(tx: Tx, record: ArrivedRecord, type: string): Promise<void> {
  await insertRetry(tx, record, { type, attempts: 0, delayMs: 0, error: null, replayed: false });
}

/** Puts a message that failed aside, to be tried again after `delayMs`. */
export async function putAside(
  tx: Tx,
  record: ArrivedRecord,
  type: string,
  delayMs: number,
  error: string,
): Promise<void> {
  await insertRetry(tx, record, { type, attempts: 1, delayMs, error, replayed: false });
}

/** Puts a dead letter back, to be handled anew. */
export async function putBack(tx: Tx, record: ArrivedRecord, type: string): Promise<void> {
  await insertRetry(tx, record, { type, attempts: 0, delayMs: 0, error: null, replayed: true });
}

/** Messages of the key that wait to be tried again. */
export async function countWaiting(tx: Pick<Tx, 'query'>, { stream, key }: ArrivedRecord): Promise<number> {
  const [row] = await tx.query<{ waiting: number }>(
    'select count(*) as waiting from retry where stream = $1 and key = $2',
    [stream, key],
  );
  return row?.waiting ?? 0;
}

/** Sequence of the newest message that was handled of the source, stream and key; 0 before the first. */
export async function lastSequence(
  tx: Pick<Tx, 'query'>,
  stream: string,
  { source, subject }: Envelope,
): Promise<number> {
  const [row] = await tx.query<{ last: number }>(
    'select last from inbox_sequence where source = $1 and stream = $2 and key = $3',
    [source, stream, subject],
  );
  return row?.last ?? 0;
}

async function insertRetry(
  tx: Tx,
  record: ArrivedRecord,
  row: { type: string; attempts: number; delayMs: number; error: string | null; replayed: boolean },
): Promise<void> {
  const { stream, partition, offset, key, headers, value } = keepable(record);
  await tx.query(
    `insert into retry (stream, partition, "offset", key, headers, value, type, attempts, next_at, error, replayed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + make_interval(secs => $9), $10, $11)`,
    [
      stream,
      partition,
      offset,
      key,
      JSON.stringify(headers),
      value,
      row.type,
      row.attempts,
      row.delayMs / 1_000,
      row.error && plainText(row.error),
      row.replayed,
    ],
  );
}

/** Forgets messages older than 30 days, at most 10 000 at once. Resolves to how many. */
export async function forgetOld(tx: Tx): Promise<number> {
  const rows = await tx.query(
    `delete from inbox where (source, id) in (
       select source, id from inbox where at < clock_timestamp() - interval '30 days' limit 10000
     ) returning 1`,
  );
  return rows.length;
}
