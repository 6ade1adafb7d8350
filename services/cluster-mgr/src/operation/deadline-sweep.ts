import { problemOf } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { Database, type Tx } from '@berth/platform/postgres';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isAboutCluster, readyStep, unreachableProblem } from '../cluster/cluster.js';
import * as clusters from '../cluster/cluster.store.pg.js';
import { cancelledEnd, type End, type Running } from './operation.js';
import * as store from './operation.store.pg.js';
import { Operations } from './operations.js';

/** Longer than commands stay on their stream, so that none comes again after its operation is forgotten. */
const keptMs = 8 * 24 * 60 * 60 * 1_000;
const pruneEveryMs = 10 * 60 * 1_000;

/** Ends operations whose time is up, in any copy: row locks keep two copies apart. */
@Injectable()
export class DeadlineSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: WakeableLoop;
  private prunedAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly operations: Operations,
    private readonly clock: Clock,
    log: Logger,
  ) {
    this.loop = new WakeableLoop({ name: 'deadline-sweep', everyMs: 1_000, run: () => this.sweep(), log });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      for (const running of await store.overdue(tx, now, 100))
        await this.operations.end(tx, running, await this.endOf(tx, running, now));
    });
    if (now.getTime() - this.prunedAtMs < pruneEveryMs) return;
    this.prunedAtMs = now.getTime();
    await this.database.transaction((tx) => store.prune(tx, new Date(now.getTime() - keptMs)));
  }

  private async endOf(tx: Tx, running: Running, now: Date): Promise<End> {
    const { kind, target, startedAt, deadlineAt, cancel } = running;
    if (cancel) return cancelledEnd(running, cancel, null);
    const cluster = isAboutCluster(kind) ? await clusters.find(tx, target) : null;
    if (!cluster) {
      const seconds = Math.round((deadlineAt.getTime() - startedAt.getTime()) / 1_000);
      return { state: 'failed', problem: problemOf('operation_deadline', { seconds }) };
    }
    const step = readyStep(cluster, 'failed', { startedAt, endedAt: now });
    return { state: 'failed', problem: unreachableProblem(cluster), steps: [step] };
  }
}
