import { ExternalChange, ServiceDetail } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { recentChanges } from '../workload/external-changes.js';

const Addresses = z.array(ServiceDetail.shape.addresses.element.omit({ cluster: true }));
const Changes = z.array(ExternalChange.omit({ cluster: true }));

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

  /** What others did in its clusters lately, newest first. */
  async externalChanges(tx: Pick<Tx, 'query'>, serviceUid: string, now: Date): Promise<ExternalChange[]> {
    const rows = await tx.query<{ cluster: string; changes: unknown }>(
      `select cluster, external_changes as changes from service_observed
       where service_uid = $1 and external_changes <> '[]' order by cluster`,
      [serviceUid],
    );
    return rows
      .flatMap(({ cluster, changes }) => recentChanges(Changes.parse(changes), now).map((row) => ({ ...row, cluster })))
      .sort((a, b) => b.at.localeCompare(a.at));
  }
}
