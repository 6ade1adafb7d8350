import { probeReadyz } from '@berth/clients/kubernetes';
import { Clock } from '@berth/platform/clock';
import { Leases, type Lease } from '@berth/platform/lease';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { metrics } from '@berth/platform/metrics';
import { Database } from '@berth/platform/postgres';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clusters } from './cluster.service.js';
import type { Cluster } from './cluster.js';

export interface ProbeTimes {
  readonly everyMs: number;
  readonly timeoutMs: number;
}
export const probeTimes = Symbol('probeTimes');

/** Looks at every cluster from one copy at a time: two observers with their own networks would contradict one another. */
@Injectable()
export class ProbeLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly latency = metrics.histogram('berth_cluster_probe_seconds', 'Anonymous probes of clusters', ['kind']);
  private release: (() => Promise<void>) | undefined;

  constructor(
    private readonly database: Database,
    private readonly leases: Leases,
    private readonly clusters: Clusters,
    private readonly clock: Clock,
    private readonly log: Logger,
    @Inject(probeTimes) private readonly times: ProbeTimes,
  ) {}

  onApplicationBootstrap(): void {
    this.release = this.leases.run('cluster-probes', (lease, signal) => this.probeUntil(lease, signal));
  }

  async onModuleDestroy(): Promise<void> {
    await this.release?.();
  }

  private async probeUntil(lease: Lease, signal: AbortSignal): Promise<void> {
    const loop = new WakeableLoop({
      name: 'cluster-probes',
      everyMs: this.times.everyMs,
      maxBackoffMs: this.times.everyMs,
      run: () => this.round(lease),
      log: this.log,
    });
    loop.start();
    await new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await loop.stop();
  }

  private async round(lease: Lease): Promise<void> {
    const clusters = await this.clusters.list();
    // One slow cluster delays its own look only, up to the timeout.
    await Promise.all(clusters.map((cluster) => this.probe(cluster, lease)));
  }

  private async probe({ name, apiServer, caPem }: Cluster, lease: Lease): Promise<void> {
    const seen = await probeReadyz({ server: apiServer, caPem, timeoutMs: this.times.timeoutMs });
    this.latency.observe({ kind: seen.kind }, seen.latencyMs / 1_000);
    const detail = 'detail' in seen ? seen.detail : null;
    const probe = { at: this.clock.now(), kind: seen.kind, latencyMs: seen.latencyMs, detail };
    await this.database.transaction(async (tx) => {
      await lease.check(tx);
      await this.clusters.probed(name, probe, tx);
    });
  }
}
