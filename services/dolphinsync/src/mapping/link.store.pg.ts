import type { Tx } from '@berth/platform/postgres';
import type { Service } from '../cmdb/catalogue.js';

/** Services that are linked by hand to one of these entries, as the catalogue would name them. */
export async function toEntries(tx: Tx, source: string, entries: readonly Service[]): Promise<Service[]> {
  if (entries.length === 0) return [];
  const rows = await tx.query<{ project: string; code: string; cmdbId: string }>(
    `select project, code, cmdb_id as "cmdbId" from service_link l where source = $1 and cmdb_id = any($2)
       and not exists (select from catalog_service c where c.project = l.project and c.code = l.code and not c.retired)`,
    [source, entries.map(({ cmdbId }) => cmdbId)],
  );
  const byId = new Map(entries.map((entry) => [entry.cmdbId, entry]));
  return rows.map(({ project, code, cmdbId }) => ({ ...(byId.get(cmdbId) as Service), project, code }));
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
