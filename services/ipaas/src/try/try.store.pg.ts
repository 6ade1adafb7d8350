import type { ServiceSpec } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { ClusterDoors } from './try.js';

/** What tables know of how a service can be asked. */
@Injectable()
export class TryStore {
  /** The spec of what runs; null when there is no such service, or nothing of it runs yet. */
  async spec(tx: Pick<Tx, 'query'>, key: string): Promise<{ uid: string; spec: ServiceSpec | null } | null> {
    const [row] = await tx.query<{ uid: string; spec: ServiceSpec | null }>(
      `select s.uid, r.spec from service s left join service_release r on r.service_uid = s.uid
         and r.number = coalesce(s.live_release, s.target_release)
       where s.key = $1`,
      [key],
    );
    return row ?? null;
  }

  /** Clusters that answer, by name, with the containers that run there and the ports of their nodes. */
  doors(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<ClusterDoors[]> {
    return tx.query<ClusterDoors>(
      `select c.name as cluster, c.reach,
         (select coalesce(json_agg(json_build_object('name', k.name, 'ip', k.ip, 'ready', k.ready)
            order by k.ready desc, k.name), '[]')
          from container k where k.service_uid = $1 and k.cluster = c.name and k.ended_at is null and k.ip is not null
            and k.state in ('running', 'not_ready', 'starting')) as containers,
         (select coalesce(json_agg(json_build_object('address', a ->> 'address', 'port', (a ->> 'port')::int,
            'portName', a ->> 'portName')), '[]')
          from service_address s cross join jsonb_array_elements(s.addresses) as a
          where s.service_uid = $1 and s.cluster = c.name and a ->> 'kind' = 'nodePort') as "nodePorts"
       from cluster c join service_observed o on o.cluster = c.name and o.service_uid = $1 and o.fresh
       order by c.name`,
      [serviceUid],
    );
  }
}
