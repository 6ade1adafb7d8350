import { catalogue, type CmdbSourceStateData, type HandlersFor, type Message } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller, Inject } from '@nestjs/common';
import { FeedStore } from '../feed/feed.store.pg.js';
import { SampleAccounts } from './samples.service.js';

/** A source of the CMDB: pages that show it are told, and accounts that belong to a sample go and come back with it. */
@Controller()
export class SampleMessages implements Pick<HandlersFor<'gateway', Tx>, 'cmdbSourceState'> {
  constructor(
    @Inject(FeedStore) private readonly feed: FeedStore,
    @Inject(SampleAccounts) private readonly accounts: SampleAccounts,
  ) {}

  @Handles(catalogue.cmdbSourceState)
  async cmdbSourceState({ envelope, data }: Message<CmdbSourceStateData | null>, tx: Tx): Promise<void> {
    await this.feed.add(tx, [{ kind: 'cmdb', key: envelope.subject, version: envelope.sequence }]);
    if (data?.sample) await this.accounts.follow(tx, data, envelope);
  }
}
