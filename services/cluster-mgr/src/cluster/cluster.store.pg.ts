import type { ObservedCluster } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { z } from 'zod';
import type { Cluster, Observation } from './cluster.js';
import type { ProbeResult, Verdict, WatchReport } from './health.js';
import { proofText } from './proof.js';

type Reader = Pick<Tx, 'query'>;

const columns = `name, display_name as "displayName", site, reach, api_server as "apiServer", ca_pem as "caPem",
  credential, phase, cause, reason, proof, since, epoch, was_ready as "wasReady", registered_at as "registeredAt"`;

export async function find(tx: Reader, name: string): Promise<Cluster | null> {
  const [row] = await tx.query<Cluster>(`select ${columns} from cluster where name = $1`, [name]);
  return row ?? null;
}

export async function list(tx: Reader): Promise<Cluster[]> {
  return tx.query<Cluster>(`select ${columns} from cluster order by name`);
}

/**
 * Locks all clusters, in the order of their names. Whoever decides where something runs, or changes a registration, does
 * this first: reservations are then counted by one transaction at a time, and two can never lock crosswise.
 */
export async function lockAll(tx: Tx): Promise<Cluster[]> {
  return tx.query<Cluster>(`select ${columns} from cluster order by name for no key update`);
}

/** Two registrations of a name that is not there yet wait for one another here. */
export async function lockRegistry(tx: Tx): Promise<void> {
  await tx.query('lock table cluster in share row exclusive mode');
}

export async function save(tx: Tx, cluster: Cluster): Promise<void> {
  await tx.query(
    `insert into cluster (name, display_name, site, reach, api_server, ca_pem, credential, phase, cause, reason, since,
       epoch, was_ready, registered_at, proof)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (name) do update set display_name = $2, site = $3, reach = $4, api_server = $5, ca_pem = $6,
       credential = $7, phase = $8, cause = $9, reason = $10, since = $11, epoch = $12, was_ready = $13, proof = $15`,
    [
      cluster.name,
      cluster.displayName,
      cluster.site,
      cluster.reach,
      cluster.apiServer,
      cluster.caPem,
      JSON.stringify(cluster.credential),
      cluster.phase,
      cluster.cause,
      cluster.reason,
      cluster.since,
      cluster.epoch,
      cluster.wasReady,
      cluster.registeredAt,
      JSON.stringify(cluster.proof),
    ],
  );
}

/** Epoch that a removed cluster of this name had last; 0 when there was none. */
export async function lastEpoch(tx: Reader, name: string): Promise<number> {
  const [row] = await tx.query<{ epoch: number }>('select epoch from removed_cluster where name = $1', [name]);
  return row?.epoch ?? 0;
}

/** Its probes and what was seen of it go with it. */
export async function remove(tx: Tx, { name, epoch }: Cluster): Promise<void> {
  await tx.query(
    `insert into removed_cluster (name, epoch) values ($1, $2)
     on conflict (name) do update set epoch = greatest(removed_cluster.epoch, $2)`,
    [name, epoch],
  );
  await tx.query('delete from cluster where name = $1', [name]);
  await tx.query('delete from cluster_probes where cluster = $1', [name]);
  await forgetObserved(tx, name);
}

/** Changes the phase if the cluster still stands where the verdict was made. The changed cluster, or null. */
export async function applyVerdict(tx: Tx, from: Cluster, verdict: Verdict, now: Date): Promise<Cluster | null> {
  const [row] = await tx.query<Cluster>(
    `update cluster set phase = $5, cause = $6, reason = $7, was_ready = was_ready or $5 = 'ready',
       since = case when phase = $5 then since else $8 end, proof = $9
     where name = $1 and phase = $2 and cause = $3 and epoch = $4 returning ${columns}`,
    [
      from.name,
      from.phase,
      from.cause,
      from.epoch,
      verdict.phase,
      verdict.cause,
      proofText(verdict.proof),
      now,
      JSON.stringify(verdict.proof),
    ],
  );
  return row ?? null;
}

const Probe = z.object({
  at: z.coerce.date(),
  kind: z.enum(['ok', 'unauthorized_but_reachable', 'unhealthy', 'tls', 'unreachable']),
  latencyMs: z.number(),
  detail: z.string().nullable(),
});

export async function probesOf(tx: Reader, name: string): Promise<ProbeResult[]> {
  const [row] = await tx.query<{ probes: unknown }>('select probes from cluster_probes where cluster = $1', [name]);
  return row ? z.array(Probe).parse(row.probes) : [];
}

export async function lastProbes(tx: Reader): Promise<Map<string, ProbeResult>> {
  const rows = await tx.query<{ cluster: string; probe: unknown }>(
    'select cluster, probes->-1 as probe from cluster_probes',
  );
  return new Map(rows.map(({ cluster, probe }) => [cluster, Probe.parse(probe)]));
}

export async function saveProbes(tx: Tx, name: string, probes: readonly ProbeResult[]): Promise<void> {
  await tx.query(
    `insert into cluster_probes (cluster, probes) values ($1, $2)
     on conflict (cluster) do update set probes = excluded.probes`,
    [name, JSON.stringify(probes)],
  );
}

export async function watchOf(tx: Reader, name: string): Promise<WatchReport | null> {
  const [row] = await tx.query<WatchReport>(
    `select watch, watch_since as since, heard_at as "heardAt", epoch, allocatable is not null as "hasCapacity"
     from cluster_observed where cluster = $1`,
    [name],
  );
  return row ?? null;
}

/** A watch that begins anew has heard nothing yet; when the cluster was last heard of stays true all the same. */
export async function observed(tx: Tx, seen: ObservedCluster, now: Date): Promise<void> {
  await tx.query(
    `insert into cluster_observed
       (cluster, epoch, watch, watch_since, heard_at, detail, version, allocatable, foreign_use, nodes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (cluster) do update set epoch = $2, watch = $3, heard_at = greatest($5, cluster_observed.heard_at), detail = $6,
       version = coalesce($7, cluster_observed.version),
       watch_since = case when cluster_observed.watch = $3 then cluster_observed.watch_since else $4 end,
       allocatable = coalesce($8, cluster_observed.allocatable),
       foreign_use = coalesce($9, cluster_observed.foreign_use), 
       nodes = case when $8::jsonb is null then cluster_observed.nodes else $10 end`,
    [
      seen.name,
      seen.epoch,
      seen.watch,
      now,
      seen.heardAt,
      seen.detail,
      seen.version,
      seen.allocatable && JSON.stringify(seen.allocatable),
      seen.foreign && JSON.stringify(seen.foreign),
      JSON.stringify(seen.nodes),
    ],
  );
}

export async function forgetObserved(tx: Tx, name: string): Promise<void> {
  await tx.query('delete from cluster_observed where cluster = $1', [name]);
}

export async function observations(tx: Reader): Promise<Observation[]> {
  return tx.query<Observation>(
    `select cluster as name, epoch, watch, heard_at as "heardAt", detail, version, allocatable,
       foreign_use as "foreign", nodes
     from cluster_observed`,
  );
}
