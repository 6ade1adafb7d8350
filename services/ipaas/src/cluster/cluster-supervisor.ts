import { Leases, type Lease } from '@berth/platform/lease';
import { WakeableLoop } from '@berth/platform/loop';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterWorker, type WorkerParts } from './cluster-worker.js';
import { clusterChannel } from './cluster.store.pg.js';

const everyMs = 10_000;
const retryAfterMs = 10_000;
const pruneEveryMs = 60 * 60_000;

/** Asks for the lease of every registered cluster; the copy that gets it works on that cluster. */
export class ClusterSupervisor implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stops = new Map<string, () => Promise<void>>();
  private readonly loop: WakeableLoop;
  private unlisten: (() => Promise<void>) | undefined;
  private stopPruning: (() => Promise<void>) | undefined;

  constructor(
    private readonly leases: Leases,
    private readonly parts: WorkerParts,
  ) {
    this.loop = new WakeableLoop({ name: 'cluster-supervisor', everyMs, log: parts.log, run: () => this.follow() });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.unlisten = await this.parts.database.listen(clusterChannel, () => this.loop.wake());
    this.stopPruning = this.leases.run('container-pruning', (_, signal) => this.prune(signal));
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
    await this.unlisten?.();
    await Promise.all([...this.stops.values(), this.stopPruning].map((stop) => stop?.()));
    this.stops.clear();
  }

  private async follow(): Promise<void> {
    const clusters = await this.parts.clusters.all(this.parts.database);
    const names = new Set(clusters.map(({ name }) => name));
    for (const name of names) {
      if (this.stops.has(name)) continue;
      this.stops.set(
        name,
        this.leases.run(`cluster/${name}`, (lease, signal) => this.work(name, lease, signal)),
      );
    }
    for (const [name, stop] of this.stops) {
      if (names.has(name)) continue;
      this.stops.delete(name);
      await stop();
    }
  }

  /** One that cannot even begin (a credential that does not open) is tried again in a while, not at once. */
  private async work(name: string, lease: Lease, signal: AbortSignal): Promise<void> {
    try {
      await ClusterWorker.run(name, this.parts, lease, signal);
    } catch (error) {
      await delay(retryAfterMs, undefined, { signal }).catch(() => undefined);
      throw error;
    }
  }

  private async prune(signal: AbortSignal): Promise<void> {
    const { database, observations, keptLogs, log } = this.parts;
    const loop = new WakeableLoop({
      name: 'container-pruning',
      everyMs: pruneEveryMs,
      log,
      run: async () => {
        const count = await observations.prune(database);
        await keptLogs.prune(database);
        if (count > 0) log.info('Past containers were pruned', { count });
      },
    });
    loop.start();
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await loop.stop();
  }
}
