import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { RenderedRelease } from '../workload/render.js';
import type { DatedObserved, Target } from './service.js';

/** A target as a cluster's reconciler reads it; the objects of its release are read once and apart. */
export interface ClusterTarget extends Target {
  readonly serviceUid: string;
  readonly key: string;
  /** The service is paused: look, and write nothing. A removal goes on all the same. */
  readonly paused: boolean;
}

const targetColumns = `t.cluster, t.epoch, t.generation, t.release, t.replicas, t.restart_token as "restartToken", t.halted, t.phase`;

const observedColumns = `cluster, generation, epoch, release, restart_token as "restartToken", replicas, updated, ready,
  available, halted, rolled_out as "rolledOut", cause_code as "causeCode", cause_detail as "causeDetail",
  cause_end as "causeEnd", fresh, observed_at as "observedAt"`;

/** Table `service_target`, the desired state, and the reading side of `service_observed`. */
@Injectable()
export class TargetStore {
  /** Everything that one cluster should run or remove, by key. */
  async forCluster(tx: Pick<Tx, 'query'>, cluster: string): Promise<ClusterTarget[]> {
    return tx.query<ClusterTarget>(
      `select t.service_uid as "serviceUid", t.key, s.pause is not null as paused, ${targetColumns}
       from service_target t join service s on s.uid = t.service_uid
       where t.cluster = $1 order by t.key`,
      [cluster],
    );
  }

  /** What releases were rendered to, in the order they are asked for; one that is gone is left out. */
  async rendered(
    tx: Pick<Tx, 'query'>,
    wanted: readonly { readonly serviceUid: string; readonly release: number }[],
  ): Promise<{ serviceUid: string; release: number; rendered: RenderedRelease }[]> {
    if (wanted.length === 0) return [];
    return tx.query(
      `select service_uid as "serviceUid", number as release, rendered from service_release
       where (service_uid, number) in (select * from unnest($1::uuid[], $2::int[]))`,
      [wanted.map(({ serviceUid }) => serviceUid), wanted.map(({ release }) => release)],
    );
  }

  /** Of everything of the service nothing is left in the cluster: its target goes and the service is settled again. */
  async removed(tx: Tx, serviceUid: string, cluster: string): Promise<void> {
    // Due at once, so that a lost notification loses nothing. The service's row first: settling locks in that order too.
    await tx.query(`update service set due_at = '-infinity' where uid = $1`, [serviceUid]);
    const rows = await tx.query(
      `delete from service_target where service_uid = $1 and cluster = $2 and phase = 'remove' returning cluster`,
      [serviceUid, cluster],
    );
    if (rows.length === 0) return;
    await tx.query('delete from service_observed where service_uid = $1 and cluster = $2', [serviceUid, cluster]);
    await tx.query(`select pg_notify('ipaas_observed', $1)`, [serviceUid]);
  }

  async of(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<Target[]> {
    return tx.query<Target>(
      `select ${targetColumns} from service_target t where t.service_uid = $1 order by t.cluster`,
      [serviceUid],
    );
  }

  async observedOf(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<DatedObserved[]> {
    return tx.query<DatedObserved>(
      `select ${observedColumns} from service_observed where service_uid = $1 order by cluster`,
      [serviceUid],
    );
  }

  /** Wakes the reconciler of every cluster of the service though no target changed. */
  async wake(tx: Tx, serviceUid: string): Promise<void> {
    await tx.query(`select pg_notify('ipaas_target', cluster) from service_target where service_uid = $1`, [
      serviceUid,
    ]);
  }

  /** Writes the targets of a service and wakes the reconciler of every cluster whose row changed. */
  async write(tx: Tx, serviceUid: string, key: string, targets: readonly Target[]): Promise<void> {
    const changed = await tx.query<{ cluster: string }>(
      `insert into service_target as t
         (service_uid, key, cluster, epoch, generation, release, replicas, restart_token, halted, phase, changed_at)
       select $1, $2, w.*, clock_timestamp()
       from unnest($3::text[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[], $9::boolean[], $10::text[])
         as w (cluster, epoch, generation, release, replicas, restart_token, halted, phase)
       on conflict (service_uid, cluster) do update set epoch = excluded.epoch, generation = excluded.generation,
         release = excluded.release, replicas = excluded.replicas, restart_token = excluded.restart_token,
         halted = excluded.halted, phase = excluded.phase, changed_at = excluded.changed_at
       where (t.epoch, t.generation, t.release, t.replicas, t.restart_token, t.halted, t.phase) is distinct from
         (excluded.epoch, excluded.generation, excluded.release, excluded.replicas, excluded.restart_token,
          excluded.halted, excluded.phase)
       returning cluster`,
      [
        serviceUid,
        key,
        targets.map(({ cluster }) => cluster),
        targets.map(({ epoch }) => epoch),
        targets.map(({ generation }) => generation),
        targets.map(({ release }) => release),
        targets.map(({ replicas }) => replicas),
        targets.map(({ restartToken }) => restartToken),
        targets.map(({ halted }) => halted),
        targets.map(({ phase }) => phase),
      ],
    );
    for (const { cluster } of changed) await tx.query(`select pg_notify('ipaas_target', $1)`, [cluster]);
  }
}
