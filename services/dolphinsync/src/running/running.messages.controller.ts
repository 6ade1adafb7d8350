import { parseServiceKey, serviceState, type DataOf, type Message } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { SourceService } from '../source/source.service.js';
import { VanishedService } from '../vanished/vanished.service.js';
import * as store from './running.store.pg.js';

/** Learns from ipaas what runs, so that nothing that runs is retired silently. */
@Controller()
export class RunningMessages {
  constructor(
    private readonly vanished: VanishedService,
    private readonly sources: SourceService,
  ) {}

  @Handles(serviceState)
  async serviceState({ data, envelope }: Message<DataOf<typeof serviceState>>, tx: Tx): Promise<void> {
    if (data) return store.save(tx, data);
    const { subject, uid } = envelope;
    const { project, service } = parseServiceKey(subject);
    await store.remove(tx, subject);
    await this.vanished.serviceGone(tx, project, service);
    if (uid) await this.sources.serviceGone(tx, uid);
  }
}
