import type { Size } from '@berth/contracts';
import type { Capacity } from '@berth/engines/scheduler';
import type { Tx } from '@berth/platform/postgres';
import * as clusters from '../cluster/cluster.store.pg.js';
import type { Placement, Reservation } from './placement.js';
import type { Placed, Room } from './room.js';

type Reader = Pick<Tx, 'query'>;

const columns = `key, uid, generation, total, stopped, policy, live, candidate, assignments, moving,
  service_state as "serviceState", paused, settled_generation as "settledGeneration"`;

export async function find(tx: Reader, key: string): Promise<Placement | null> {
  const [row] = await tx.query<Placement>(`select ${columns} from placement where key = $1`, [key]);
  return row ?? null;
}

export async function lock(tx: Tx, key: string): Promise<Placement | null> {
  const [row] = await tx.query<Placement>(`select ${columns} from placement where key = $1 for update`, [key]);
  return row ?? null;
}

/** Placements that have a row for the cluster, locked in one order. */
export async function lockIn(tx: Tx, cluster: string): Promise<Placement[]> {
  return tx.query<Placement>(
    `select ${columns} from placement where assignments @> jsonb_build_array(jsonb_build_object('cluster', $1::text))
     order by key for update`,
    [cluster],
  );
}

/** Keys of the services that have a row for the cluster. */
export async function keysIn(tx: Reader, cluster: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select key from placement where assignments @> jsonb_build_array(jsonb_build_object('cluster', $1::text))
       or exists (select from reservation r where r.key = placement.key and r.cluster = $1)
     order by key`,
    [cluster],
  );
  return rows.map(({ key }) => key);
}

export async function save(
  tx: Tx,
  placement: Placement,
  reservations: readonly Reservation[],
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into placement (key, uid, generation, total, stopped, policy, live, candidate, assignments, service_state,
       settled_generation, decided_at, moving)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (key) do update set uid = $2, generation = $3, total = $4, stopped = $5, policy = $6, live = $7,
       candidate = $8, assignments = $9, service_state = $10, settled_generation = $11, decided_at = $12, moving = $13`,
    [
      placement.key,
      placement.uid,
      placement.generation,
      placement.total,
      placement.stopped,
      JSON.stringify(placement.policy),
      JSON.stringify(placement.live),
      placement.candidate && JSON.stringify(placement.candidate),
      JSON.stringify(placement.assignments),
      placement.serviceState,
      placement.settledGeneration,
      now,
      placement.moving && JSON.stringify(placement.moving),
    ],
  );
  await tx.query('delete from reservation where key = $1', [placement.key]);
  await tx.query(
    `insert into reservation (key, cluster, pods, cpu_millis, memory_mib)
     select $1, * from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[])`,
    [
      placement.key,
      reservations.map(({ cluster }) => cluster),
      reservations.map(({ pods }) => pods),
      reservations.map(({ cpuMillis }) => cpuMillis),
      reservations.map(({ memoryMiB }) => memoryMiB),
    ],
  );
}

export async function remove(tx: Tx, key: string): Promise<void> {
  await tx.query('delete from placement where key = $1', [key]);
}

/**
 * Takes down what ipaas says of a service. Null when it says nothing new, or is about another incarnation: the stream is
 * busy and most of its records change nothing here.
 */
export async function told(
  tx: Tx,
  said: { key: string; uid: string; state: string; settledGeneration: number; size: Size | null; paused?: boolean },
): Promise<Placement | null> {
  const [row] = await tx.query<Placement>(
    `update placement set service_state = $3, settled_generation = greatest(settled_generation, $4), paused = $6
     where key = $1 and uid = $2 and
       (service_state is distinct from $3 or paused <> $6 or settled_generation < $4 or ($5::jsonb is not null and live->'size' <> $5))
     returning ${columns}`,
    [
      said.key,
      said.uid,
      said.state,
      said.settledGeneration,
      said.size && JSON.stringify(said.size),
      said.paused ?? false,
    ],
  );
  return row ?? null;
}

/** The clusters with what is reserved in them by everybody but `exceptKey`. */
export async function rooms(
  tx: Reader,
  registered: readonly Room['cluster'][],
  exceptKey: string | null,
): Promise<Room[]> {
  const seen = new Map((await clusters.observations(tx)).map((row) => [row.name, row]));
  const reserved = new Map(
    (
      await tx.query<Capacity & { cluster: string }>(
        `select cluster, sum(pods)::bigint as pods, sum(cpu_millis)::bigint as "cpuMillis",
           sum(memory_mib)::bigint as "memoryMiB"
         from reservation where key is distinct from $1 group by cluster`,
        [exceptKey],
      )
    ).map(({ cluster, ...capacity }) => [cluster, capacity]),
  );
  return registered.map((cluster) => ({
    cluster,
    seen: seen.get(cluster.name) ?? null,
    reserved: reserved.get(cluster.name) ?? { cpuMillis: 0, memoryMiB: 0, pods: 0 },
  }));
}

/** Services that have their place in each cluster, and what their containers may use there at most. */
export async function placedByCluster(tx: Reader): Promise<Map<string, Placed>> {
  const rows = await tx.query<{ cluster: string; services: number; cpuMillis: number; memoryMiB: number }>(
    `select r.cluster, count(*) as services,
       coalesce(sum(a.replicas * (p.live -> 'size' ->> 'cpuMillis')::bigint), 0)::bigint as "cpuMillis",
       coalesce(sum(a.replicas * (p.live -> 'size' ->> 'memoryMiB')::bigint), 0)::bigint as "memoryMiB"
     from reservation r
     join placement p on p.key = r.key
     left join lateral (
       select (row ->> 'replicas')::bigint as replicas from jsonb_array_elements(p.assignments) as row
       where row ->> 'cluster' = r.cluster limit 1
     ) a on true
     group by r.cluster`,
  );
  return new Map(rows.map(({ cluster, services, ...limits }) => [cluster, { services, limits }]));
}
