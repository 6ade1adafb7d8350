import { Clock } from '@berth/platform/clock';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { Database } from '@berth/platform/postgres';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Settler } from './settler.js';
import { ServiceStore } from './service.store.pg.js';

const pollMs = 1000;
const batch = 200;

/**
 * Settles services when something was observed, and when a deadline has come. Every copy runs it: the lock of the
 * service's row keeps two from deciding at once, and what one has settled the other finds settled.
 */
@Injectable()
export class SettleLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly heard = new Set<string>();
  private readonly loop: WakeableLoop;
  private stopListening: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly services: ServiceStore,
    private readonly settler: Settler,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.loop = new WakeableLoop({ name: 'settle', everyMs: pollMs, run: (signal) => this.round(signal), log });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.database.listen('ipaas_observed', (uid) => this.observed(uid));
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.stopListening();
    await this.loop.stop();
  }

  /** One round: what was heard of, and what is due. One service in trouble does not keep the others waiting. */
  async round(signal?: AbortSignal): Promise<void> {
    const heard = [...this.heard];
    this.heard.clear();
    const due = await this.services.due(this.database, this.clock.now(), batch);
    for (const uid of new Set([...heard, ...due])) {
      if (signal?.aborted) return;
      try {
        await this.database.transaction((tx) => this.settler.settle(tx, uid));
      } catch (error) {
        this.log.error('A service could not be settled', { serviceUid: uid, err: error });
      }
    }
    if (due.length === batch) this.loop.wake();
  }

  private observed(uid: string): void {
    if (uid !== '') this.heard.add(uid);
    this.loop.wake();
  }
}
