import type { Topology } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';

type Container = Topology['containers'][number];

/** A container of now with the service it belongs to. */
export interface PlacedContainer extends Omit<Container, 'service'> {
  readonly project: string;
  readonly environment: string;
  readonly code: string;
  readonly serviceName: string;
}

/** Where containers are: one statement, whatever their number. */
@Injectable()
export class TopologyStore {
  containers(
    tx: Pick<Tx, 'query'>,
    filter: { readonly scopes: readonly string[] | null; readonly project: string | null },
  ): Promise<PlacedContainer[]> {
    return tx.query<PlacedContainer>(
      `select s.project, s.environment, s.code, s.name as "serviceName", c.cluster, c.node, c.name, c.restarts, c.release,
              case when coalesce(o.fresh, true) then c.state else 'unknown' end as state
       from container c
       join service s on s.uid = c.service_uid
       left join service_observed o on o.service_uid = c.service_uid and o.cluster = c.cluster
       where c.ended_at is null
         and ($1::text[] is null or s.project || '/' || s.environment = any($1))
         and ($2::text is null or s.project = $2)
       order by s.project, s.environment, s.code, c.cluster, c.name`,
      [filter.scopes, filter.project],
    );
  }
}
