import type { Container } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { ContainerState } from './container-state.js';

type Reading = Pick<Tx, 'query'>;

/** A container as the lists show it. */
export interface ListedContainer {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly cluster: string;
  readonly state: ContainerState;
  readonly detail: string | null;
  readonly detailEnd: Container['detailEnd'];
  readonly ready: boolean;
  readonly restarts: number;
  readonly release: number | null;
  readonly image: string | null;
  readonly node: string | null;
  readonly ip: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly exitCode: number | null;
  readonly lastEnd: Container['lastEnd'];
  /** False while its cluster is silent: the row is the last that was heard. */
  readonly fresh: boolean;
  readonly logKept: boolean;
}

/** Where a page goes on: after this one. */
export interface Position {
  readonly at: string;
  readonly uid: string;
}

const columns = `c.uid, c.name, c.namespace, c.cluster, c.state, c.detail, c.ready, c.restarts, c.release, c.image, c.node, c.ip,
  c.created_at as "createdAt", c.started_at as "startedAt", c.ended_at as "endedAt", c.exit_code as "exitCode",
  c.last_end as "lastEnd", c.detail_end as "detailEnd", coalesce(o.fresh, true) as fresh,
  exists (select from kept_log k where k.container_uid = c.uid) as "logKept"`;
const source = `container c left join service_observed o on o.service_uid = c.service_uid and o.cluster = c.cluster`;

/** Reading side of the table `container`; the holder of a cluster writes it. */
@Injectable()
export class ContainerStore {
  async serviceUid(tx: Reading, key: string): Promise<string | null> {
    const [row] = await tx.query<{ uid: string }>('select uid from service where key = $1', [key]);
    return row?.uid ?? null;
  }

  /** Newest first; past ones by their end. */
  page(
    tx: Reading,
    serviceUid: string,
    past: boolean,
    limit: number,
    after: Position | null,
  ): Promise<ListedContainer[]> {
    const time = past ? 'c.ended_at' : 'c.created_at';
    return tx.query<ListedContainer>(
      `select ${columns} from ${source}
       where c.service_uid = $1 and c.ended_at is ${past ? 'not null' : 'null'}
         and ($3::timestamptz is null or (${time}, c.uid) < ($3, $4::text))
       order by ${time} desc, c.uid desc limit $2`,
      [serviceUid, limit, after?.at ?? null, after?.uid ?? null],
    );
  }

  /** The latest container of this name; names are not used twice in practice. */
  async byName(tx: Reading, serviceUid: string, cluster: string, name: string): Promise<ListedContainer | null> {
    const [row] = await tx.query<ListedContainer>(
      `select ${columns} from ${source} where c.service_uid = $1 and c.cluster = $2 and c.name = $3
       order by c.created_at desc limit 1`,
      [serviceUid, cluster, name],
    );
    return row ?? null;
  }

  /** Clusters in which the service is, or was seen. */
  async clusters(tx: Reading, serviceUid: string): Promise<string[]> {
    const rows = await tx.query<{ cluster: string }>(
      `select cluster from service_target where service_uid = $1
       union select cluster from container where service_uid = $1 order by cluster`,
      [serviceUid],
    );
    return rows.map(({ cluster }) => cluster);
  }

  /** Names of the service's containers of the last two hours: as long as a cluster keeps events. */
  async recentNames(tx: Reading, serviceUid: string): Promise<string[]> {
    const rows = await tx.query<{ name: string }>(
      `select name from container
       where service_uid = $1 and (ended_at is null or ended_at > clock_timestamp() - interval '2 hours')`,
      [serviceUid],
    );
    return rows.map(({ name }) => name);
  }
}
