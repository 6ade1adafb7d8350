import type { CmdbApproval, CmdbCounts, CmdbPush, CmdbPushRow } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';

type Reader = Pick<Tx, 'query'>;

const keptPushes = 1_000;
/** Rows of a push that are kept to be looked at. */
export const keptRows = 20_000;

/** Adds a push to the list of the source and forgets its oldest ones. */
export async function savePush(tx: Tx, push: CmdbPush, rows: readonly CmdbPushRow[]): Promise<void> {
  await tx.query(
    `insert into cmdb_push (id, source, version, mode, base_version, sample, dry_run, by_name, at, duration_ms, result,
       counts, rejected, approval, rows_left_out)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '[]', $13, $14)`,
    [
      push.id,
      push.source,
      push.version,
      push.mode,
      push.baseVersion,
      push.sample,
      push.dryRun,
      push.by,
      push.at,
      push.durationMs,
      push.result,
      JSON.stringify(push.counts),
      push.approval && JSON.stringify(push.approval),
      push.rowsLeftOut,
    ],
  );
  const kept = rows.slice(0, keptRows);
  await tx.query(
    `insert into cmdb_push_row (push, n, kind, change, body)
     select $1, n, kind, change, body::jsonb
     from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as r (n, kind, change, body)`,
    [
      push.id,
      kept.map((_, index) => index + 1),
      kept.map(({ kind }) => kind),
      kept.map(({ change }) => change),
      kept.map((row) => JSON.stringify(row)),
    ],
  );
  await tx.query(
    `delete from cmdb_push where source = $1 and approval ->> 'state' is distinct from 'waiting' and position <=
       (select position from cmdb_push where source = $1 order by position desc offset $2 limit 1)`,
    [push.source, keptPushes],
  );
}

export interface PushRow extends Omit<CmdbPush, 'at' | 'counts'> {
  readonly at: Date;
  readonly position: number;
  /** Pushes of an older version have fewer of them. */
  readonly counts: Record<keyof CmdbPush['counts'], Partial<CmdbCounts>>;
}

const columns = `position, id, source, version, mode, base_version as "baseVersion", sample, dry_run as "dryRun",
  by_name as by, at, duration_ms as "durationMs", result, counts, approval, rows_left_out as "rowsLeftOut"`;

export function pushes(tx: Reader, source: string | null, before: number | null, limit: number): Promise<PushRow[]> {
  return tx.query<PushRow>(
    `select ${columns} from cmdb_push
     where ($1::text is null or source = $1) and ($2::bigint is null or position < $2)
     order by position desc limit $3`,
    [source, before, limit],
  );
}

export async function push(tx: Reader, id: string): Promise<PushRow | null> {
  const [row] = await tx.query<PushRow>(`select ${columns} from cmdb_push where id = $1`, [id]);
  return row ?? null;
}

export function pushRows(
  tx: Reader,
  id: string,
  filter: { kind: string | null; change: string | null; after: number | null; limit: number },
): Promise<{ n: number; body: CmdbPushRow }[]> {
  return tx.query(
    `select n, body from cmdb_push_row
     where push = $1 and n > coalesce($2, 0) and ($3::text is null or kind = $3) and ($4::text is null or change = $4)
     order by n limit $5`,
    [id, filter.after, filter.kind, filter.change, filter.limit],
  );
}

export async function saveApproval(tx: Tx, id: string, approval: CmdbApproval): Promise<void> {
  await tx.query('update cmdb_push set approval = $2 where id = $1', [id, JSON.stringify(approval)]);
}

/** Large retirements of the source of which nothing waits any more: the CMDB named it all again. */
export async function withdrawApprovals(tx: Tx, source: string, at: Date): Promise<void> {
  await tx.query(
    `update cmdb_push set approval = approval || jsonb_build_object('state', 'withdrawn', 'at', $2::text)
     where source = $1 and approval ->> 'state' = 'waiting'
       and not exists (select from vanished where push = cmdb_push.id and reason = 'large' and closed_at is null)`,
    [source, at.toISOString()],
  );
}
