import type { CmdbSource, CmdbSourceService } from '@berth/api';
import type { Envelope } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import type { Catalogue } from '../cmdb/catalogue.js';

type Reader = Pick<Tx, 'query'>;

export interface ListedSource extends Omit<CmdbSource, 'pushedAt' | 'waiting' | 'approvals'> {
  readonly pushedAt: Date | null;
}

export function list(tx: Reader): Promise<ListedSource[]> {
  return tx.query<ListedSource>(
    `select source, version, sample, removed, restores, pushed_at as "pushedAt",
       (select count(*)::int from business_line b where b.source = s.source and not retired) as "businessLines",
       (select count(*)::int from project p where p.source = s.source and not retired) as projects,
       (select count(*)::int from catalog_service c where c.source = s.source and not retired) as services
     from cmdb_source s order by source`,
  );
}

/** Every instance in the projects of the source, also those that it does not name, production first. */
export function services(tx: Reader, source: string): Promise<CmdbSourceService[]> {
  return tx.query<CmdbSourceService>(
    `select r.project, r.code, r.name, r.environment, r.state, r.desired, r.ready, r.clusters,
       r.environment = 'prod' as production,
       exists (select from catalog_service c where c.source = $1 and c.project = r.project and c.code = r.code) as named
     from running_service r join project p on p.slug = r.project and p.source = $1
     order by production desc, r.project, r.code, r.environment limit 1000`,
    [source],
  );
}

export async function setRemoved(tx: Tx, source: string, removed: boolean): Promise<void> {
  await tx.query(
    `update cmdb_source set removed = $2, restores = restores + case when removed and not $2 then 1 else 0 end
     where source = $1`,
    [source, removed],
  );
}

const tables = ['business_line', 'project', 'catalog_service'] as const;

/** Marks what is about to be retired by a removal. */
export async function markRemoved(tx: Tx, source: string): Promise<void> {
  for (const table of tables)
    await tx.query(`update ${table} set removed = true where source = $1 and not retired`, [source]);
}

export async function unmarkRemoved(tx: Tx, source: string): Promise<void> {
  for (const table of tables)
    await tx.query(`update ${table} set removed = false where source = $1 and removed`, [source]);
}

/** Keys of what a removal retired: CMDB ids of business lines, slugs, `slug/code`. */
export async function removedKeys(tx: Tx, source: string): Promise<Record<keyof Catalogue, Set<string>>> {
  const keys = async (table: (typeof tables)[number], key: string) => {
    const rows = await tx.query<{ key: string }>(`select ${key} as key from ${table} where source = $1 and removed`, [
      source,
    ]);
    return new Set(rows.map((row) => row.key));
  };
  return {
    lines: await keys('business_line', 'cmdb_id'),
    projects: await keys('project', 'slug'),
    services: await keys('catalog_service', `project || '/' || code`),
  };
}

/** An operation that goes on until these services are gone. */
export interface Removal {
  readonly operationId: string;
  readonly source: string;
  readonly envelope: Envelope;
  readonly startedAt: Date;
  readonly result: Record<string, number>;
}

export async function addRemoval(tx: Tx, removal: Removal, waitsFor: readonly string[]): Promise<void> {
  await tx.query(
    `insert into source_removal (operation_id, source, envelope, started_at, result, waits_for)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [
      removal.operationId,
      removal.source,
      JSON.stringify(removal.envelope),
      removal.startedAt,
      JSON.stringify(removal.result),
      waitsFor,
    ],
  );
}

/** Takes a service off the lists of running removals. Each of them with what it still waits for; one that waits for nothing ends. */
export function gone(tx: Tx, uid: string): Promise<(Removal & { readonly waitsFor: string[] })[]> {
  return tx.query(
    `update source_removal set waits_for = array_remove(waits_for, $1), ended = array_remove(waits_for, $1) = '{}'
     where not ended and $1 = any(waits_for)
     returning operation_id as "operationId", source, envelope, started_at as "startedAt", result, waits_for as "waitsFor"`,
    [uid],
  );
}
