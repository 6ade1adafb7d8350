import { ExternalChange, ServiceDetail } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const Addresses = z.array(ServiceDetail.shape.addresses.element.omit({ cluster: true }));
const Change = ExternalChange.omit({ cluster: true }).extend({
  // Rows of before they were kept.
  desired: z.string().nullable().default(null),
  observed: z.string().nullable().default(null),
});

/** What only the page of one service shows: addresses and foreign hands in its clusters. */
@Injectable()
export class ServiceDetailStore {
  async addresses(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<ServiceDetail['addresses']> {
    const rows = await tx.query<{ cluster: string; addresses: unknown }>(
      'select cluster, addresses from service_address where service_uid = $1 order by cluster',
      [serviceUid],
    );
    return rows.flatMap(({ cluster, addresses }) => Addresses.parse(addresses).map((row) => ({ ...row, cluster })));
  }

  /** How many containers have not ended, by cluster. */
  async containers(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<{ cluster: string; count: number }>(
      'select cluster, count(*)::int as count from container where service_uid = $1 and ended_at is null group by cluster',
      [serviceUid],
    );
    return new Map(rows.map(({ cluster, count }) => [cluster, count]));
  }

  async externalChanges(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<z.output<typeof ExternalChange>[]> {
    const rows = await tx.query<{ cluster: string; change: unknown }>(
      `select cluster, external_change as change from service_observed
       where service_uid = $1 and external_change is not null order by cluster`,
      [serviceUid],
    );
    return rows.map(({ cluster, change }) => ({ ...Change.parse(change), cluster }));
  }
}
