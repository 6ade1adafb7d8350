import { Leases } from '@berth/platform/lease';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { Database } from '@berth/platform/postgres';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { OperationStore } from './operation.store.pg.js';

const everyMs = 60 * 60_000;

/** Forgets operations that ended long ago: no command is that old that could come a second time. */
@Injectable()
export class OperationPruning implements OnApplicationBootstrap, OnModuleDestroy {
  private stop: (() => Promise<void>) | undefined;

  constructor(
    private readonly leases: Leases,
    private readonly database: Database,
    private readonly operations: OperationStore,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.stop = this.leases.run('operation-pruning', (_, signal) => this.work(signal));
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop?.();
  }

  private async work(signal: AbortSignal): Promise<void> {
    const run = async () => {
      const count = await this.operations.prune(this.database);
      if (count > 0) this.log.info('Operations of long ago were pruned', { count });
    };
    const loop = new WakeableLoop({ name: 'operation-pruning', everyMs, log: this.log, run });
    loop.start();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await loop.stop();
  }
}
