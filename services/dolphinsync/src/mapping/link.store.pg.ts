import type { Tx } from '@berth/platform/postgres';
import type { Service } from '../cmdb/catalogue.js';

const runs = '(r.desired > 0 or r.ready > 0)';
/** A link counts only where the catalogue does not name the service itself. */
const counts =
  'not exists (select from catalog_service c where c.project = l.project and c.code = l.code and not c.retired)';

/** Keys of entries, and of their projects, that are linked by hand to a service that runs. */
export async function runningEntries(tx: Tx, source: string): Promise<Set<string>> {
  const rows = await tx.query<{ project: string; code: string }>(
    `select distinct e.project, e.code from service_link l
       join running_service r on r.project = l.project and r.code = l.code
       join catalog_service e on e.source = l.source and e.cmdb_id = l.cmdb_id
     where l.source = $1 and ${runs} and ${counts}`,
    [source],
  );
  return new Set(rows.flatMap(({ project, code }) => [project, `${project}/${code}`]));
}

/** Keys of the entry that this service is by hand, and of its project. */
export async function entryKeys(tx: Tx, project: string, code: string): Promise<string[]> {
  const rows = await tx.query<{ project: string; code: string }>(
    `select e.project, e.code from service_link l join catalog_service e on e.source = l.source and e.cmdb_id = l.cmdb_id
     where l.project = $1 and l.code = $2`,
    [project, code],
  );
  return [...new Set(rows.flatMap((row) => [row.project, `${row.project}/${row.code}`]))];
}

/** Services that are linked by hand to one of these entries, as the catalogue names them now: an entry that moved is not gone. */
export async function toEntries(tx: Tx, source: string, entries: readonly Service[]): Promise<Service[]> {
  if (entries.length === 0) return [];
  return tx.query<Service>(
    `select l.project, l.code, e.cmdb_id as "cmdbId", e.name, e.owner, e.retired
     from service_link l cross join lateral (select * from catalog_service g
       where g.source = l.source and g.cmdb_id = l.cmdb_id order by g.retired limit 1) e
     where l.source = $1 and l.cmdb_id = any($2) and ${counts} order by l.project, l.code`,
    [source, entries.map(({ cmdbId }) => cmdbId)],
  );
}

export async function save(
  tx: Tx,
  link: { project: string; code: string; source: string; cmdbId: string; by: string; at: Date },
): Promise<void> {
  await tx.query(
    `insert into service_link (project, code, source, cmdb_id, by_name, at) values ($1, $2, $3, $4, $5, $6)
     on conflict (project, code) do update set source = $3, cmdb_id = $4, by_name = $5, at = $6`,
    [link.project, link.code, link.source, link.cmdbId, link.by, link.at],
  );
}

/** True when there was one. */
export async function remove(tx: Tx, project: string, code: string): Promise<boolean> {
  const rows = await tx.query('delete from service_link where project = $1 and code = $2 returning 1', [project, code]);
  return rows.length > 0;
}

/** An entry of the CMDB that is not retired. */
export async function entry(tx: Tx, source: string, cmdbId: string): Promise<Service | null> {
  const [row] = await tx.query<Service>(
    `select project, code, cmdb_id as "cmdbId", name, owner, retired from catalog_service
     where source = $1 and cmdb_id = $2 and not retired limit 1`,
    [source, cmdbId],
  );
  return row ?? null;
}
