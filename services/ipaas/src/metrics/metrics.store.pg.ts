import type { MetricsMark } from '@berth/api';
import { OperationKind, OperationState, Size, type EnvironmentName } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { LivedContainer, ReadinessChange } from './service-metrics.js';

type Reading = Pick<Tx, 'query'>;

/** Times of a range. */
export interface Between {
  readonly from: Date;
  readonly to: Date;
}

/** A service with what its containers of now may use together. */
export interface MeasuredService {
  readonly project: string;
  readonly environment: EnvironmentName;
  readonly service: string;
  readonly cpuLimitMillis: number | null;
  readonly memoryLimitMiB: number | null;
}

const mostContainers = 500;
const mostMarks = 200;
const mostChanges = 5_000;

const Mark = z.object({
  at: z.date().transform((at) => at.toISOString()),
  kind: OperationKind,
  release: z.number().nullable(),
  operationId: z.string(),
  state: OperationState.nullable(),
});

/** What the tables know beside the measured values. */
@Injectable()
export class MetricsStore {
  async serviceUid(tx: Reading, key: string): Promise<string | null> {
    const [row] = await tx.query<{ uid: string }>('select uid from service where key = $1', [key]);
    return row?.uid ?? null;
  }

  async clusters(tx: Reading): Promise<string[]> {
    const rows = await tx.query<{ name: string }>('select name from cluster order by name');
    return rows.map(({ name }) => name);
  }

  /** Containers that lived in the range, those of now first, newest first, with the size that their release gave them. */
  async containers(tx: Reading, serviceUid: string, { from, to }: Between): Promise<LivedContainer[]> {
    const rows = await tx.query<Omit<LivedContainer, 'size'> & { size: unknown }>(
      `select c.cluster, c.name, c.release, c.created_at as "createdAt", c.ended_at as "endedAt",
              c.restart_marks as "restartMarks", r.spec -> 'size' as size
       from container c
       left join service_release r on r.service_uid = c.service_uid and r.number = c.release
       where c.service_uid = $1 and c.created_at <= $3 and (c.ended_at is null or c.ended_at >= $2)
       order by c.ended_at is not null, c.created_at desc limit ${mostContainers}`,
      [serviceUid, from, to],
    );
    return rows.map((row) => ({ ...row, size: Size.nullable().parse(row.size) }));
  }

  /** Changes of readiness in the range, and the last one of each cluster before it; oldest first. */
  readiness(tx: Reading, serviceUid: string, { from, to }: Between): Promise<ReadinessChange[]> {
    return tx.query<ReadinessChange>(
      `select cluster, at, ready, desired from (
         (select distinct on (cluster) cluster, at, ready, desired from service_readiness
          where service_uid = $1 and at <= $2 order by cluster, at desc)
         union all
         (select cluster, at, ready, desired from service_readiness
          where service_uid = $1 and at > $2 and at <= $3 order by at desc limit ${mostChanges})
         union all
         -- At rest since before readiness was noted: what is so now, since it was last observed.
         (select o.cluster, o.observed_at, case when o.fresh then o.ready end,
            case when t.phase = 'run' then t.replicas else 0 end
          from service_observed o
          join service_target t on t.service_uid = o.service_uid and t.cluster = o.cluster
          where o.service_uid = $1 and not exists (
            select from service_readiness noted where noted.service_uid = o.service_uid and noted.cluster = o.cluster))
         ) changes
       order by at`,
      [serviceUid, from, to],
    );
  }

  /**
   * Operations that were begun in the range, oldest first. What was refused changed nothing. Our part of a scale, start or
   * stop is closed when the clusters have arrived; how the whole ended is cluster-mgr's to say.
   */
  async marks(tx: Reading, serviceUid: string, { from, to }: Between): Promise<MetricsMark[]> {
    const rows = await tx.query(
      `select * from (
         select started_at as at, kind, release, id as "operationId", nullif(end_state, 'closed') as state
        from service_operation
         where service_uid = $1 and started_at >= $2 and started_at <= $3 and end_state is distinct from 'refused'
         order by started_at desc limit ${mostMarks}) newest
       order by at`,
      [serviceUid, from, to],
    );
    return z.array(Mark).parse(rows);
  }

  /** Services in these scopes (null: all); `keys` null for every one of them. */
  services(
    tx: Reading,
    filter: {
      readonly scopes: readonly string[] | null;
      readonly keys: readonly string[] | null;
      readonly project: string | null;
      readonly environment: string | null;
    },
  ): Promise<MeasuredService[]> {
    return tx.query<MeasuredService>(
      `select s.project, s.environment, s.code as service,
              sum((r.spec -> 'size' ->> 'cpuMillis')::int)::int as "cpuLimitMillis",
              sum((r.spec -> 'size' ->> 'memoryMiB')::int)::int as "memoryLimitMiB"
       from service s
       left join container c on c.service_uid = s.uid and c.ended_at is null
       left join service_release r on r.service_uid = c.service_uid and r.number = c.release
       where ($1::text[] is null or s.project || '/' || s.environment = any($1))
         and ($2::text[] is null or s.key = any($2))
         and ($3::text is null or s.project = $3) and ($4::text is null or s.environment = $4)
       group by s.uid order by s.project, s.environment, s.code`,
      [filter.scopes, filter.keys, filter.project, filter.environment],
    );
  }
}
