import type { Database, Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { pastContainers } from '../container/kept-log.js';
import type { ContainerRow } from '../container/container-row.js';
import type { Address } from '../workload/addresses.js';
import type { ObservedRow } from '../workload/observe.js';

/** What was written for one cluster, to go on from after a change of the holder. */
export interface WrittenState {
  readonly observed: readonly ObservedRow[];
  readonly containers: readonly ContainerRow[];
  readonly addresses: readonly AddressRow[];
  readonly applied: readonly AppliedRow[];
}

export interface AddressRow {
  readonly serviceUid: string;
  readonly cluster: string;
  readonly addresses: readonly Address[];
}

export interface AppliedRow {
  readonly serviceUid: string;
  readonly cluster: string;
  readonly deploymentUid: string;
  readonly objectGeneration: number;
}

const externalChanges = z
  .array(
    z.object({
      field: z.enum(['replicas', 'image', 'template', 'deleted']),
      manager: z.string(),
      at: z.string(),
      corrected: z.boolean(),
      correctedAt: z.string().nullable(),
      count: z.number(),
      desired: z.string().nullable(),
      observed: z.string().nullable(),
    }),
  )
  .catch([]);

/** Rows that a cluster's holder writes: observed services, containers, addresses, what it applied. */
@Injectable()
export class ObservationStore {
  async load(database: Database, cluster: string): Promise<WrittenState> {
    const [observed, containers, addresses, applied] = await Promise.all([
      database.query<ObservedRow>(
        `select service_uid as "serviceUid", cluster, generation, epoch, release, restart_token as "restartToken", replicas,
                updated, ready, available, halted, rolled_out as "rolledOut", cause_code as "causeCode",
                cause_detail as "causeDetail", cause_end as "causeEnd", fresh, external_changes as "externalChanges"
         from service_observed where cluster = $1`,
        [cluster],
      ),
      database.query<StoredContainer>(
        `select uid, service_uid as "serviceUid", cluster, namespace, name, release, image, node, ip, state, detail,
                detail_end as "detailEnd", ready, restarts, restart_marks as "restartMarks", created_at as "createdAt", started_at as "startedAt",
                ended_at as "endedAt", exit_code as "exitCode", last_end as "lastEnd"
         from container where cluster = $1 and ended_at is null`,
        [cluster],
      ),
      database.query<AddressRow>(
        `select service_uid as "serviceUid", cluster, addresses from service_address where cluster = $1`,
        [cluster],
      ),
      database.query<AppliedRow>(
        `select service_uid as "serviceUid", cluster, deployment_uid as "deploymentUid",
                object_generation as "objectGeneration"
         from applied_deployment where cluster = $1`,
        [cluster],
      ),
    ]);
    return {
      observed: observed.map((row) => ({ ...row, externalChanges: externalChanges.parse(row.externalChanges) })),
      containers: containers.map(containerOf),
      addresses,
      applied,
    };
  }

  /** Writes rows of services that still have a target here, and tells the settle loops which. */
  async saveObserved(tx: Tx, rows: readonly ObservedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `with written as (
         insert into service_observed (service_uid, cluster, generation, epoch, release, restart_token, replicas, updated,
           ready, available, halted, rolled_out, cause_code, cause_detail, cause_end, fresh, external_changes, observed_at)
         select row."serviceUid", row.cluster, row.generation, row.epoch, row.release, row."restartToken", row.replicas,
           row.updated, row.ready, row.available, row.halted, row."rolledOut", row."causeCode", row."causeDetail", row."causeEnd",
           row.fresh, row."externalChanges", clock_timestamp()
         from jsonb_to_recordset($1::jsonb) as row (
           "serviceUid" uuid, cluster text, generation int, epoch int, release int, "restartToken" text, replicas int,
           updated int, ready int, available int, halted boolean, "rolledOut" boolean, "causeCode" text,
           "causeDetail" text, "causeEnd" jsonb, fresh boolean, "externalChanges" jsonb)
         join service_target target on target.service_uid = row."serviceUid" and target.cluster = row.cluster
         order by row."serviceUid"
         on conflict (service_uid, cluster) do update set
           generation = excluded.generation, epoch = excluded.epoch, release = excluded.release,
           restart_token = excluded.restart_token, replicas = excluded.replicas, updated = excluded.updated,
           ready = excluded.ready, available = excluded.available, halted = excluded.halted,
           rolled_out = excluded.rolled_out, cause_code = excluded.cause_code, cause_detail = excluded.cause_detail, cause_end = excluded.cause_end,
           fresh = excluded.fresh, external_changes = excluded.external_changes, observed_at = excluded.observed_at
         returning service_uid)
       select pg_notify('ipaas_observed', service_uid::text) from written`,
      [JSON.stringify(rows)],
    );
    await this.noteReadiness(tx, rows);
  }

  /** One row when readiness is no longer what was noted last: the curve of a chart. */
  private async noteReadiness(tx: Tx, rows: readonly ObservedRow[]): Promise<void> {
    await tx.query(
      `insert into service_readiness (service_uid, cluster, at, ready, desired)
       select target.service_uid, target.cluster, clock_timestamp(), row.ready,
         case when target.phase = 'run' then target.replicas else 0 end
       from jsonb_to_recordset($1::jsonb) as row ("serviceUid" uuid, cluster text, ready int)
       join service_target target on target.service_uid = row."serviceUid" and target.cluster = row.cluster
       left join lateral (
         select ready, desired from service_readiness noted
         where noted.service_uid = target.service_uid and noted.cluster = target.cluster order by at desc limit 1) last on true
       where (last.desired, last.ready) is distinct from
         (case when target.phase = 'run' then target.replicas else 0 end, row.ready)
       on conflict do nothing`,
      [
        JSON.stringify(
          rows.map(({ serviceUid, cluster, ready, fresh }) => ({ serviceUid, cluster, ready: fresh ? ready : null })),
        ),
      ],
    );
  }

  /** What was known of a service in a cluster that no longer holds any of it. */
  async forget(tx: Tx, serviceUid: string, cluster: string): Promise<void> {
    for (const table of ['service_address', 'applied_deployment'])
      await tx.query(`delete from ${table} where service_uid = $1 and cluster = $2`, [serviceUid, cluster]);
  }

  async saveContainers(tx: Tx, rows: readonly ContainerRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `insert into container (uid, service_uid, cluster, namespace, name, release, image, node, ip, state, detail,
         detail_end, ready, restarts, restart_marks, created_at, started_at, ended_at, exit_code, last_end)
       select uid, "serviceUid", cluster, namespace, name, release, image, node, ip, state, detail, "detailEnd", ready, restarts,
         "restartMarks", "createdAt", "startedAt", "endedAt", "exitCode", "lastEnd"
       from jsonb_to_recordset($1::jsonb) as row (
         uid text, "serviceUid" uuid, cluster text, namespace text, name text, release int, image text, node text, ip text,
         state text, detail text, "detailEnd" jsonb, ready boolean, restarts int, "restartMarks" timestamptz[], "createdAt" timestamptz,
         "startedAt" timestamptz, "endedAt" timestamptz, "exitCode" int, "lastEnd" jsonb)
       -- Objects with our mark whose service we do not know are not of this database.
       where exists (select 1 from service where service.uid = row."serviceUid")
         or exists (select 1 from container known where known.uid = row.uid)
       order by uid
       on conflict (uid) do update set
         release = excluded.release, image = excluded.image, node = excluded.node, ip = excluded.ip,
         state = excluded.state, detail = excluded.detail, detail_end = excluded.detail_end, ready = excluded.ready, restarts = excluded.restarts,
         restart_marks = excluded.restart_marks, started_at = excluded.started_at, ended_at = excluded.ended_at,
         exit_code = excluded.exit_code, last_end = excluded.last_end`,
      [JSON.stringify(rows)],
    );
  }

  async saveAddresses(tx: Tx, rows: readonly AddressRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `insert into service_address (service_uid, cluster, addresses)
       select "serviceUid", cluster, addresses
       from jsonb_to_recordset($1::jsonb) as row ("serviceUid" uuid, cluster text, addresses jsonb)
       on conflict (service_uid, cluster) do update set addresses = excluded.addresses`,
      [JSON.stringify(rows)],
    );
  }

  async saveApplied(tx: Tx, rows: readonly AppliedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `insert into applied_deployment (service_uid, cluster, deployment_uid, object_generation)
       select "serviceUid", cluster, "deploymentUid", "objectGeneration"
       from jsonb_to_recordset($1::jsonb) as row ("serviceUid" uuid, cluster text, "deploymentUid" text, "objectGeneration" bigint)
       on conflict (service_uid, cluster) do update set
         deployment_uid = excluded.deployment_uid, object_generation = excluded.object_generation,
         applied_at = clock_timestamp()`,
      [JSON.stringify(rows)],
    );
  }

  /** Past containers older than 30 days, and beyond the newest 500 of each service; readiness as old as measured values. */
  async prune(database: Database): Promise<number> {
    await database.query(
      `delete from service_readiness old where at < clock_timestamp() - interval '8 days' and exists (
         select from service_readiness newer
         where newer.service_uid = old.service_uid and newer.cluster = old.cluster and newer.at > old.at
           and newer.at < clock_timestamp() - interval '8 days')`,
    );
    const rows = await database.query<{ count: number }>(
      `with ranked as (
         select uid, ended_at, row_number() over (partition by service_uid order by ended_at desc, uid desc) as place
         from container where ended_at is not null),
       gone as (
         delete from container using ranked
         where container.uid = ranked.uid and (ranked.place > $1 or ranked.ended_at < clock_timestamp() - make_interval(days => $2))
         returning 1)
       select count(*) as count from gone`,
      [pastContainers.most, pastContainers.days],
    );
    return rows[0]?.count ?? 0;
  }
}

type Times = 'createdAt' | 'startedAt' | 'endedAt';
type StoredContainer = Omit<ContainerRow, Times | 'restartMarks'> & {
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly restartMarks: readonly Date[];
};

function containerOf(row: StoredContainer): ContainerRow {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    restartMarks: row.restartMarks.map((mark) => mark.toISOString()),
  };
}
