import {
  catalogue,
  type ClusterStateData,
  type HandlersFor,
  type Message,
  type ServiceStateData,
} from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller, Inject } from '@nestjs/common';
import { placeOf } from './feed.js';
import { FeedStore } from './feed.store.pg.js';

/** States that the gateway only hints at: whoever shows them reads them from their owner. */
@Controller()
export class FeedMessages implements Pick<HandlersFor<'gateway', Tx>, 'serviceState' | 'clusterState'> {
  constructor(@Inject(FeedStore) private readonly feed: FeedStore) {}

  @Handles(catalogue.serviceState)
  async serviceState({ envelope }: Message<ServiceStateData | null>, tx: Tx): Promise<void> {
    const { subject: key, sequence: version } = envelope;
    await this.feed.add(tx, [{ kind: 'service', key, version, ...placeOf(key) }]);
  }

  @Handles(catalogue.clusterState)
  async clusterState({ envelope }: Message<ClusterStateData | null>, tx: Tx): Promise<void> {
    await this.feed.add(tx, [{ kind: 'cluster', key: envelope.subject, version: envelope.sequence }]);
  }
}
