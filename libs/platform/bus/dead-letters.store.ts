import type { Tx } from '../postgres/index.js';
import { RecordColumns, type ArrivedRecord } from './record.js';

type Reader = Pick<Tx, 'query'>;

/** A row of `dead_letter`. */
export interface StoredDeadLetter {
  readonly id: number;
  readonly record: ArrivedRecord;
  readonly type: string | null;
  readonly reason: string;
  readonly error: string | null;
  readonly attempts: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly resolution: 'replayed' | 'discarded' | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolutionCause: string | null;
  readonly replayOperationId: string | null;
}

export interface DeadLetterFilter {
  readonly state: 'open' | 'resolved' | 'all';
  /** Part of the type or the key. */
  readonly text?: string | undefined;
  /** Time and id of the last row of the page before. */
  readonly before?: { readonly at: string; readonly id: number } | undefined;
  readonly limit: number;
}

const columns = `
  id, stream, partition, "offset", key, headers, value, type, reason, error, attempts,
  coalesce(first_at, at) as "firstSeenAt", at as "lastSeenAt", resolution, resolved_at as "resolvedAt",
  resolved_by as "resolvedBy", resolution_cause as "resolutionCause", replay_operation_id as "replayOperationId"`;

type Row = Omit<StoredDeadLetter, 'record'> & ArrivedRecord;

/** Newest first, by milliseconds: that is what cursors hold. */
export async function list(reader: Reader, filter: DeadLetterFilter): Promise<StoredDeadLetter[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from dead_letter
      where ($1 = 'all' or (resolved_at is null) = ($1 = 'open'))
        and ($2::text is null or strpos(coalesce(type, ''), $2) > 0 or strpos(key, $2) > 0)
        and ($3::timestamptz is null or (date_trunc('milliseconds', at, 'UTC'), id) < ($3, $4::bigint))
      order by date_trunc('milliseconds', at, 'UTC') desc, id desc limit $5`,
    [filter.state, filter.text ?? null, filter.before?.at ?? null, filter.before?.id ?? null, filter.limit],
  );
  return rows.map(stored);
}

export async function get(reader: Reader, id: number): Promise<StoredDeadLetter | undefined> {
  const [row] = await reader.query<Row>(`select ${columns} from dead_letter where id = $1`, [id]);
  return row && stored(row);
}

/** Locked until the commit. */
export async function lock(tx: Reader, id: number): Promise<StoredDeadLetter | undefined> {
  const [row] = await tx.query<Row>(`select ${columns} from dead_letter where id = $1 for update`, [id]);
  return row && stored(row);
}

export async function countOpen(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ open: number }>(
    'select count(*) as open from dead_letter where resolved_at is null',
  );
  return row?.open ?? 0;
}

export async function resolve(
  tx: Reader,
  id: number,
  as: { by: string; cause: string; resolution: 'replayed' | 'discarded'; operationId: string | null },
): Promise<void> {
  await tx.query(
    `update dead_letter set resolved_at = clock_timestamp(), resolved_by = $2, resolution = $3, resolution_cause = $4,
                            replay_operation_id = $5
      where id = $1`,
    [id, as.by, as.resolution, as.cause, as.operationId],
  );
}

function stored(row: Row): StoredDeadLetter {
  const { stream: _s, partition: _p, offset: _o, key: _k, headers: _h, value: _v, ...rest } = row;
  return { ...rest, record: RecordColumns.parse(row) };
}
