import type { CmdbVanished } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import type { Open } from '../cmdb/plan.js';

type Reader = Pick<Tx, 'query'>;

export interface NewVanished extends Omit<Open, 'id'> {
  readonly id: string;
  readonly reason: 'runs' | 'large';
  readonly nowAt: string | null;
}

/** Rows of the source that wait or are kept. */
export function open(tx: Reader, source: string): Promise<Open[]> {
  return tx.query<Open>(
    `select id, kind, key, name, cmdb_id as "cmdbId" from vanished where source = $1 and closed_at is null`,
    [source],
  );
}

export async function add(
  tx: Tx,
  from: { source: string; push: string; version: number; at: Date },
  rows: readonly NewVanished[],
): Promise<void> {
  if (rows.length === 0) return;
  const column = (field: keyof NewVanished) => rows.map((row) => row[field]);
  await tx.query(
    `insert into vanished (id, source, kind, key, cmdb_id, name, reason, push, version, since, now_at)
     select r.id, $1, r.kind, r.key, r.cmdb_id, r.name, r.reason, $2, $3, $4, r.now_at
     from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
       as r (id, kind, key, cmdb_id, name, reason, now_at)`,
    [
      from.source,
      from.push,
      from.version,
      from.at,
      ...(['id', 'kind', 'key', 'cmdbId', 'name', 'reason', 'nowAt'] as const).map(column),
    ],
  );
}

/** A row with what is needed to act on it; whoever acts holds the lock of the catalogue. */
export interface OpenRow extends Open {
  readonly source: string;
  readonly reason: 'runs' | 'large';
}
const openRow = `id, source, kind, key, name, cmdb_id as "cmdbId", reason`;

export function byIds(tx: Tx, ids: readonly string[]): Promise<OpenRow[]> {
  return tx.query<OpenRow>(
    `select ${openRow} from vanished where id = any($1) and closed_at is null order by position`,
    [ids],
  );
}

export function heldBy(tx: Tx, push: string): Promise<OpenRow[]> {
  return tx.query<OpenRow>(
    `select ${openRow} from vanished where push = $1 and reason = 'large' and decided_at is null and closed_at is null
     order by position`,
    [push],
  );
}

/** What waits undecided because it runs, of a project or of one of its services. */
export function waitingFor(tx: Tx, project: string, code: string): Promise<OpenRow[]> {
  return tx.query<OpenRow>(
    `select ${openRow} from vanished
     where closed_at is null and decided_at is null and reason = 'runs' and key in ($1, $1 || '/' || $2)
     order by position`,
    [project, code],
  );
}

export interface Decision {
  readonly by: string;
  readonly at: Date;
  readonly cause: string | null;
}

export async function keep(tx: Tx, ids: readonly string[], until: Date, { by, at, cause }: Decision): Promise<void> {
  await tx.query(
    `update vanished set kept_until = $2, decided_by = $3, decided_at = $4, cause = $5 where id = any($1)`,
    [ids, until, by, at, cause],
  );
}

export async function close(
  tx: Tx,
  ids: readonly string[],
  outcome: 'retired' | 'returned' | 'gone' | 'removed',
  { by, at, cause }: { by: string | null; at: Date; cause: string | null },
): Promise<void> {
  await tx.query(
    `update vanished set closed_at = $2, outcome = $3, decided_by = coalesce($4, decided_by),
       decided_at = case when $4::text is null then decided_at else $2 end, cause = coalesce($5, cause)
     where id = any($1)`,
    [ids, at, outcome, by, cause],
  );
}

/** Rows of a large retirement that began to run meanwhile are asked about one by one. */
export async function askOneByOne(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(`update vanished set reason = 'runs' where id = any($1)`, [ids]);
}

export interface ListedRow extends Omit<CmdbVanished, 'since' | 'keptUntil' | 'decidedAt' | 'running' | 'state'> {
  readonly position: number;
  readonly since: Date;
  readonly keptUntil: Date | null;
  readonly decidedAt: Date | null;
  readonly running: CmdbVanished['running'];
}

/** Those that wait together for an approval are shown by their push. */
const listed = `closed_at is null and (reason = 'runs' or decided_at is not null)`;

export function list(
  tx: Reader,
  filter: { state: 'waiting' | 'kept' | null; now: Date; before: number | null; limit: number },
): Promise<ListedRow[]> {
  return tx.query<ListedRow>(
    `select position, id, kind, source, cmdb_id as "cmdbId", key, name, reason, push, version, since, now_at as "nowAt",
       kept_until as "keptUntil", decided_by as "decidedBy", decided_at as "decidedAt", cause,
       (select coalesce(json_agg(json_build_object('service', r.code, 'environment', r.environment, 'state', r.state,
          'desired', r.desired, 'ready', r.ready, 'clusters', r.clusters) order by r.key), '[]')
        from running_service r where r.project = split_part(vanished.key, '/', 1)
          and (vanished.kind = 'project' or r.code = split_part(vanished.key, '/', 2))) as running
     from vanished
     where ${listed} and ($1::bigint is null or position < $1)
       and ($2::text is null or ($2 = 'kept') = (kept_until is not null and kept_until > $3))
     order by position desc limit $4`,
    [filter.before, filter.state, filter.now, filter.limit],
  );
}

/** Waiting rows and approvals of a source. */
export async function countsOf(tx: Reader, source: string, now: Date): Promise<{ waiting: number; approvals: number }> {
  const [row] = await tx.query<{ waiting: number; approvals: number }>(
    `select (select count(*)::int from vanished where source = $1 and ${listed}
         and (kept_until is null or kept_until <= $2)) as waiting,
       (select count(*)::int from cmdb_push where source = $1 and approval ->> 'state' = 'waiting') as approvals`,
    [source, now],
  );
  return row ?? { waiting: 0, approvals: 0 };
}
