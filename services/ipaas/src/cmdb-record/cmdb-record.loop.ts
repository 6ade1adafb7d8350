import { Leases, type Lease } from '@berth/platform/lease';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { recordsEveryMs } from './cmdb-record.js';
import { CmdbRecordService } from './cmdb-record.service.js';

/** Compares and says from one copy at a time, so that the order of change is one order. */
@Injectable()
export class CmdbRecordLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private release: (() => Promise<void>) | undefined;

  constructor(
    private readonly leases: Leases,
    private readonly records: CmdbRecordService,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.release = this.leases.run('cmdb-records', (lease, signal) => this.sayUntil(lease, signal));
  }

  async onModuleDestroy(): Promise<void> {
    await this.release?.();
  }

  private async sayUntil(lease: Lease, signal: AbortSignal): Promise<void> {
    const loop = new WakeableLoop({
      name: 'cmdb-records',
      everyMs: recordsEveryMs,
      run: async () => {
        await this.records.say((tx) => lease.check(tx));
      },
      log: this.log,
    });
    loop.start();
    await new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await loop.stop();
  }
}
