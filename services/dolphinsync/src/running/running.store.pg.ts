import { parseServiceKey, type ServiceStateData } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';

export async function save(tx: Tx, state: ServiceStateData): Promise<void> {
  const { project, environment, service } = parseServiceKey(state.key);
  const clusters = state.clusters.map(({ cluster, desired, ready }) => ({ cluster, desired, ready }));
  await tx.query(
    `insert into running_service (key, project, environment, code, uid, name, state, desired, ready, clusters)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (key) do update set uid = $5, name = $6, state = $7, desired = $8, ready = $9, clusters = $10`,
    [
      state.key,
      project,
      environment,
      service,
      state.uid,
      state.name,
      state.state,
      state.desired,
      state.ready,
      JSON.stringify(clusters),
    ],
  );
}

export async function remove(tx: Tx, key: string): Promise<void> {
  await tx.query('delete from running_service where key = $1', [key]);
}

/** Keys of projects and catalogue services of which something runs or is meant to run; stopped is not running. */
export async function runningKeys(tx: Pick<Tx, 'query'>, projects?: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ project: string; code: string }>(
    `select distinct project, code from running_service
     where (desired > 0 or ready > 0) and ($1::text[] is null or project = any($1))`,
    [projects ?? null],
  );
  return new Set(rows.flatMap(({ project, code }) => [project, `${project}/${code}`]));
}

/** Of these instances: how many are there, and the clusters in which a container of them still is. */
export async function leftOf(
  tx: Pick<Tx, 'query'>,
  uids: readonly string[],
): Promise<{ services: number; clusters: string[] }> {
  const [row] = await tx.query<{ services: number; clusters: string[] }>(
    `select (select count(*)::int from running_service where uid = any($1)) as services,
       array(select distinct c ->> 'cluster' from running_service r, jsonb_array_elements(r.clusters) c
         where r.uid = any($1) and ((c ->> 'ready')::int > 0 or (c ->> 'desired')::int > 0) order by 1) as clusters`,
    [uids],
  );
  return row ?? { services: 0, clusters: [] };
}

/** Every service of these projects, stopped ones too. */
export function ofProjects(
  tx: Pick<Tx, 'query'>,
  projects: readonly string[],
): Promise<{ key: string; uid: string }[]> {
  return tx.query('select key, uid from running_service where project = any($1) order by key', [projects]);
}
