import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { ContainerRow, Situation } from './situation.js';

type Reading = Pick<Tx, 'query'>;
type Row = Omit<Situation, 'containers'>;

const columns = `s.uid, s.key, coalesce(s.target_release, s.candidate_release) as release, r.spec, r.image,
  coalesce(r.result = 'available', false) as "wasGood",
  s.unready_since as "unreadySince", s.state_since as "stateSince",
  (select max(good.number) from service_release good where good.service_uid = s.uid and good.result = 'available'
     and good.number is distinct from coalesce(s.target_release, s.candidate_release)) as "lastGood",
  (select coalesce(json_agg(json_build_object('cluster', t.cluster, 'epoch', t.epoch, 'generation', t.generation,
     'release', t.release, 'replicas', t.replicas, 'restartToken', t.restart_token, 'halted', t.halted, 'phase', t.phase)
     order by t.cluster), '[]')
   from service_target t where t.service_uid = s.uid) as targets,
  (select coalesce(json_agg(json_build_object('cluster', o.cluster, 'generation', o.generation, 'epoch', o.epoch,
     'release', o.release, 'restartToken', o.restart_token, 'replicas', o.replicas, 'updated', o.updated, 'ready', o.ready,
     'available', o.available, 'halted', o.halted, 'rolledOut', o.rolled_out, 'causeCode', o.cause_code,
     'causeDetail', o.cause_detail, 'fresh', o.fresh, 'observedAt', o.observed_at) order by o.cluster), '[]')
   from service_observed o where o.service_uid = s.uid) as observed`;

const source = `service s left join service_release r on r.service_uid = s.uid
  and r.number = coalesce(s.target_release, s.candidate_release)`;

/** Everything that tables know of why a service is not well: two statements, for however many services. */
@Injectable()
export class WhyStore {
  async byKey(tx: Reading, key: string): Promise<Situation | null> {
    const rows = await tx.query<Row>(`select ${columns} from ${source} where s.key = $1`, [key]);
    return (await this.withContainers(tx, rows))[0] ?? null;
  }

  async some(tx: Reading, uids: readonly string[]): Promise<Situation[]> {
    if (uids.length === 0) return [];
    const rows = await tx.query<Row>(`select ${columns} from ${source} where s.uid = any($1::uuid[])`, [uids]);
    return this.withContainers(tx, rows);
  }

  private async withContainers(tx: Reading, rows: readonly Row[]): Promise<Situation[]> {
    const containers = await tx.query<ContainerRow & { serviceUid: string; createdAt: Date }>(
      `select service_uid as "serviceUid", cluster, namespace, name, release, state, detail, ready, restarts,
         created_at as "createdAt", last_end as "lastEnd",
         (select count(*)::int from unnest(restart_marks) as mark where mark > clock_timestamp() - interval '10 minutes')
           as "restartsLast10Minutes"
       from container where service_uid = any($1::uuid[]) and ended_at is null order by cluster, name`,
      [rows.map(({ uid }) => uid)],
    );
    return rows.map((row) => ({
      ...row,
      containers: containers
        .filter(({ serviceUid }) => serviceUid === row.uid)
        .map(({ serviceUid: _, ...container }) => ({ ...container, createdAt: container.createdAt.toISOString() })),
    }));
  }
}
