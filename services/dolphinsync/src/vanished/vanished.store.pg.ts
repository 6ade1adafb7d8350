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
  readonly nowAt: string | null;
}
const openRow = `id, source, kind, key, name, cmdb_id as "cmdbId", reason, now_at as "nowAt"`;

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

/** What waits undecided because it runs, of these keys. */
export function waitingFor(tx: Tx, keys: readonly string[]): Promise<OpenRow[]> {
  return tx.query<OpenRow>(
    `select ${openRow} from vanished
     where closed_at is null and decided_at is null and reason = 'runs' and key = any($1)
     order by position`,
    [keys],
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

export interface ListedRow extends Omit<CmdbVanished, 'since' | 'keptUntil' | 'decidedAt' | 'closedAt' | 'state'> {
  readonly position: number;
  readonly key: string;
  readonly since: Date;
  readonly keptUntil: Date | null;
  readonly decidedAt: Date | null;
  readonly closedAt: Date | null;
  readonly outcome: Exclude<CmdbVanished['state'], 'waiting' | 'kept'> | null;
}

export interface ListFilter {
  readonly project: string | null;
  readonly search: string | null;
  readonly limit: number;
}

const running = `(select coalesce(json_agg(json_build_object(
    'service', case when r.project = v.project then r.code else r.project || '/' || r.code end,
    'environment', r.environment, 'state', r.state, 'desired', r.desired, 'ready', r.ready, 'clusters', r.clusters)
    order by r.key), '[]')
  from running_service r
  where (r.project = v.project and (v.kind = 'project' or r.code = v.code))
    or v.now_at is null and exists (select from service_link l
      join catalog_service e on e.source = l.source and e.cmdb_id = l.cmdb_id
      where l.project = r.project and l.code = r.code and l.source = v.source and e.project = v.project
        and (v.kind = 'project' or e.code = v.code)))`;
const columns = `position, id, kind, source, cmdb_id as "cmdbId", key, name, reason, push, version, since, now_at as "nowAt",
  kept_until as "keptUntil", decided_by as "decidedBy", decided_at as "decidedAt", cause, closed_at as "closedAt", outcome,
  ${running} as running`;
const rows = `(select *, split_part(key, '/', 1) collate "C" as project, split_part(key, '/', 2) collate "C" as code
  from vanished) v`;
const matches = `($1::text is null or project = $1)
  and ($2::text is null or position(lower($2) in lower(key || ' ' || name || ' ' || cmdb_id)) > 0)`;

/** Those that wait together for an approval are shown by their push. */
const listed = `closed_at is null and (reason = 'runs' or decided_at is not null)`;

/** What waits or is kept, by project and code. */
export function list(
  tx: Reader,
  filter: ListFilter & { state: 'waiting' | 'kept' | null; now: Date; after: readonly [string, string] | null },
): Promise<ListedRow[]> {
  return tx.query<ListedRow>(
    `select ${columns} from ${rows}
     where ${listed} and ${matches}
       and ($3::text is null or ($3 = 'kept') = (kept_until is not null and kept_until > $4))
       and ($5::text is null or (project, code) > ($5, $6))
     order by project, code limit $7`,
    [
      filter.project,
      filter.search,
      filter.state,
      filter.now,
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? null,
      filter.limit,
    ],
  );
}

/** What somebody decided, or what ended by itself, newest first. */
export function decisions(
  tx: Reader,
  filter: ListFilter & { before: readonly [Date, number] | null },
): Promise<ListedRow[]> {
  return tx.query<ListedRow>(
    `select ${columns} from ${rows}
     where (closed_at is not null or decided_at is not null) and ${matches}
       and ($3::timestamptz is null or (coalesce(closed_at, decided_at), position) < ($3, $4::bigint))
     order by coalesce(closed_at, decided_at) desc, position desc limit $5`,
    [filter.project, filter.search, filter.before?.[0] ?? null, filter.before?.[1] ?? null, filter.limit],
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
