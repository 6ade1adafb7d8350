import type { CmdbPush } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import { changedRows, type Catalogue, type Difference, type Line, type Project, type Service } from './catalogue.js';

type Reader = Pick<Tx, 'query'>;

export interface Source {
  readonly version: number;
  readonly contentHash: string;
}

/** One push at a time, of any source: slugs are unique over all of them. */
export async function lock(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7231940201)');
}

export async function source(tx: Tx, name: string): Promise<Source | null> {
  const [row] = await tx.query<Source>(
    'select version, content_hash as "contentHash" from cmdb_source where source = $1',
    [name],
  );
  return row ?? null;
}

export async function saveSource(tx: Tx, name: string, { version, contentHash }: Source): Promise<void> {
  await tx.query(
    `insert into cmdb_source (source, version, content_hash) values ($1, $2, $3)
     on conflict (source) do update set version = $2, content_hash = $3`,
    [name, version, contentHash],
  );
}

/** Columns are named like fields, so that rows compare with what a snapshot wants. */
export async function catalogue(tx: Tx, name: string): Promise<Catalogue> {
  return {
    lines: await tx.query<Line>(
      `select cmdb_id as "cmdbId", code, name, allows_unregistered as "allowsUnregistered", retired
       from business_line where source = $1`,
      [name],
    ),
    projects: await tx.query<Project>(
      `select slug, cmdb_id as "cmdbId", code, name, line_id as "lineId", line_code as "lineCode",
         line_name as "lineName", allows_unregistered as "allowsUnregistered", retired
       from project where source = $1`,
      [name],
    ),
    services: await tx.query<Service>(
      `select project, code, cmdb_id as "cmdbId", name, owner, retired from catalog_service where source = $1`,
      [name],
    ),
  };
}

export async function slugs(tx: Tx): Promise<Set<string>> {
  const rows = await tx.query<{ slug: string }>('select slug from project');
  return new Set(rows.map(({ slug }) => slug));
}

/** Writes what has changed and nothing else, one statement a table and 5,000 rows. */
export async function save(tx: Tx, name: string, difference: Difference, now: Date): Promise<void> {
  for (const rows of chunks(changedRows(difference.lines))) await saveLines(tx, name, rows, now);
  for (const rows of chunks(changedRows(difference.projects))) await saveProjects(tx, name, rows, now);
  for (const rows of chunks(changedRows(difference.services))) await saveServices(tx, name, rows, now);
}

async function saveLines(tx: Tx, name: string, rows: readonly Line[], now: Date): Promise<void> {
  await tx.query(
    `insert into business_line (source, cmdb_id, code, name, allows_unregistered, retired, updated_at)
     select $1, *, $2::timestamptz from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::boolean[])
     on conflict (source, cmdb_id) do update set code = excluded.code, name = excluded.name,
       allows_unregistered = excluded.allows_unregistered, retired = excluded.retired, updated_at = excluded.updated_at`,
    [name, now, ...columns(rows, ['cmdbId', 'code', 'name', 'allowsUnregistered', 'retired'])],
  );
}

async function saveProjects(tx: Tx, name: string, rows: readonly Project[], now: Date): Promise<void> {
  await tx.query(
    `insert into project (source, slug, cmdb_id, code, name, line_id, line_code, line_name, allows_unregistered, retired,
       updated_at)
     select $1, *, $2::timestamptz from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::boolean[], $11::boolean[])
     on conflict (slug) do update set code = excluded.code, name = excluded.name, line_id = excluded.line_id,
       line_code = excluded.line_code, line_name = excluded.line_name,
       allows_unregistered = excluded.allows_unregistered, retired = excluded.retired, updated_at = excluded.updated_at`,
    [
      name,
      now,
      ...columns(rows, [
        'slug',
        'cmdbId',
        'code',
        'name',
        'lineId',
        'lineCode',
        'lineName',
        'allowsUnregistered',
        'retired',
      ]),
    ],
  );
}

async function saveServices(tx: Tx, name: string, rows: readonly Service[], now: Date): Promise<void> {
  await tx.query(
    `insert into catalog_service (source, project, code, cmdb_id, name, owner, retired, updated_at)
     select $1, *, $2::timestamptz
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[])
     on conflict (project, code) do update set cmdb_id = excluded.cmdb_id, name = excluded.name, owner = excluded.owner,
       retired = excluded.retired, updated_at = excluded.updated_at`,
    [name, now, ...columns(rows, ['project', 'code', 'cmdbId', 'name', 'owner', 'retired'])],
  );
}

const keptPushes = 1_000;

/** Adds a push to the list of the source and forgets its oldest ones. */
export async function savePush(tx: Tx, push: CmdbPush): Promise<void> {
  await tx.query(
    `insert into cmdb_push (id, source, version, dry_run, at, duration_ms, result, counts, rejected)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      push.id,
      push.source,
      push.version,
      push.dryRun,
      push.at,
      push.durationMs,
      push.result,
      JSON.stringify(push.counts),
      JSON.stringify(push.rejected),
    ],
  );
  await tx.query(
    `delete from cmdb_push where position <=
       (select position from cmdb_push where source = $1 order by position desc offset $2 limit 1) and source = $1`,
    [push.source, keptPushes],
  );
}

export interface PushRow extends Omit<CmdbPush, 'at'> {
  readonly at: Date;
  readonly position: number;
}

export async function pushes(tx: Reader, before: number | null, limit: number): Promise<PushRow[]> {
  return tx.query<PushRow>(
    `select position, id, source, version, dry_run as "dryRun", at, duration_ms as "durationMs", result, counts, rejected
     from cmdb_push where $1::bigint is null or position < $1 order by position desc limit $2`,
    [before, limit],
  );
}

export interface ProjectRow extends Project {
  readonly services: number;
}

/** `slugs` null means all. */
export async function projects(
  tx: Reader,
  filter: { slugs: readonly string[] | null; search: string | null; after: string | null; limit: number },
): Promise<ProjectRow[]> {
  return tx.query<ProjectRow>(
    `select slug, cmdb_id as "cmdbId", project.code, project.name, line_id as "lineId", line_code as "lineCode",
       line_name as "lineName", allows_unregistered as "allowsUnregistered", project.retired,
       (select count(*) from catalog_service s where s.project = slug and not s.retired) as services
     from project
     where ($1::text[] is null or slug = any($1)) and ($2::text is null or slug > $2)
       and ($3::text is null or position(lower($3) in lower(slug || ' ' || code || ' ' || name)) > 0)
     order by slug limit $4`,
    [filter.slugs, filter.after, filter.search, filter.limit],
  );
}

export async function services(tx: Reader, project: string, after: string | null, limit: number): Promise<Service[]> {
  return tx.query<Service>(
    `select project, code, cmdb_id as "cmdbId", name, owner, retired from catalog_service
     where project = $1 and ($2::text is null or code > $2) order by code limit $3`,
    [project, after, limit],
  );
}

function columns<Row>(rows: readonly Row[], fields: readonly (keyof Row)[]): unknown[][] {
  return fields.map((field) => rows.map((row) => row[field]));
}

function chunks<Row>(rows: readonly Row[], size = 5_000): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
