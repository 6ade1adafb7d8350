import type { Tx } from '@berth/platform/postgres';
import type { Catalogue, Line, Project, Service } from './catalogue.js';

type Reader = Pick<Tx, 'query'>;

export interface Source {
  readonly version: number;
  readonly contentHash: string;
  readonly sample: boolean;
  readonly removed: boolean;
}

/** Rows of the catalogue to write. */
export interface Written {
  readonly lines: readonly Line[];
  readonly projects: readonly Project[];
  readonly services: readonly Service[];
}

/** One push at a time, of any source: slugs are unique over all of them. */
export async function lock(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7231940201)');
}

export async function source(tx: Reader, name: string): Promise<Source | null> {
  const [row] = await tx.query<Source>(
    'select version, content_hash as "contentHash", sample, removed from cmdb_source where source = $1',
    [name],
  );
  return row ?? null;
}

export async function saveSource(tx: Tx, name: string, source: Omit<Source, 'removed'>): Promise<void> {
  await tx.query(
    `insert into cmdb_source (source, version, content_hash, sample) values ($1, $2, $3, $4)
     on conflict (source) do update set version = $2, content_hash = $3, sample = $4
     where (cmdb_source.version, cmdb_source.content_hash, cmdb_source.sample) is distinct from ($2, $3, $4)`,
    [name, source.version, source.contentHash, source.sample],
  );
}

/** When it last pushed, also without a change: a CMDB that has gone quiet is seen by it. */
export async function sourceSpoke(tx: Tx, name: string, at: Date): Promise<void> {
  await tx.query('update cmdb_source set pushed_at = $2 where source = $1', [name, at]);
}

/** Columns are named like fields, so that rows compare with what a snapshot wants. */
export async function catalogue(tx: Tx, name: string): Promise<Catalogue> {
  return {
    lines: await tx.query<Line>(
      `select cmdb_id as "cmdbId", code, name, allows_unregistered as "allowsUnregistered",
         cost_centre as "costCentre", retired
       from business_line where source = $1`,
      [name],
    ),
    projects: await tx.query<Project>(`select ${projectColumns} from project where source = $1`, [name]),
    services: await tx.query<Service>(`select ${serviceColumns} from catalog_service where source = $1`, [name]),
  };
}

const projectColumns = `slug, cmdb_id as "cmdbId", code, name, line_id as "lineId", line_code as "lineCode",
  line_name as "lineName", allows_unregistered as "allowsUnregistered", retired`;
const serviceColumns = `project, code, cmdb_id as "cmdbId", name, owner, retired`;

/** Rows by their keys: slugs of projects, `slug/code` of services. */
export async function byKeys(tx: Tx, keys: readonly string[]): Promise<Omit<Catalogue, 'lines'>> {
  return {
    projects: await tx.query<Project>(`select ${projectColumns} from project where slug = any($1)`, [keys]),
    services: await tx.query<Service>(
      `select ${serviceColumns} from catalog_service where project || '/' || code = any($1)
         and project = any(select split_part(key, '/', 1) from unnest($1) as key)`,
      [keys],
    ),
  };
}

export async function slugs(tx: Tx): Promise<Set<string>> {
  const rows = await tx.query<{ slug: string }>('select slug from project');
  return new Set(rows.map(({ slug }) => slug));
}

/** Writes these rows and nothing else, one statement a table and 5,000 rows. */
export async function save(tx: Tx, name: string, { lines, projects, services }: Written, now: Date): Promise<void> {
  for (const rows of chunks(lines)) await saveLines(tx, name, rows, now);
  for (const rows of chunks(projects)) await saveProjects(tx, name, rows, now);
  for (const rows of chunks(services)) await saveServices(tx, name, rows, now);
}

async function saveLines(tx: Tx, name: string, rows: readonly Line[], now: Date): Promise<void> {
  await tx.query(
    `insert into business_line (source, cmdb_id, code, name, allows_unregistered, cost_centre, retired, updated_at)
     select $1, *, $2::timestamptz
     from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::boolean[])
     on conflict (source, cmdb_id) do update set code = excluded.code, name = excluded.name,
       allows_unregistered = excluded.allows_unregistered, cost_centre = excluded.cost_centre,
       retired = excluded.retired, updated_at = excluded.updated_at`,
    [name, now, ...columns(rows, ['cmdbId', 'code', 'name', 'allowsUnregistered', 'costCentre', 'retired'])],
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
    `select ${serviceColumns} from catalog_service
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
