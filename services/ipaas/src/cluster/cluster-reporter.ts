import { observedCluster, type ObservedCluster } from '@berth/contracts';
import type { Lease } from '@berth/platform/lease';
import type { Outbox } from '@berth/platform/outbox';
import type { Database } from '@berth/platform/postgres';
import { stableJson } from '../workload/stable-hash.js';
import type { Cluster } from './cluster.js';
import { isWorthSaying, summarise, type ClusterSummary, type LastSaid } from './cluster-summary.js';
import type { ClusterWatcher } from './cluster-watcher.js';

export interface ReporterOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly lease: Lease;
  readonly watcher: ClusterWatcher;
  readonly cluster: () => Cluster;
}

/** Tells cluster-mgr what we see of a cluster: when it changed, at most once a second, and every 5 s while it is heard. */
export class ClusterReporter {
  private last: LastSaid | null = null;
  private summary: ClusterSummary | null = null;

  constructor(private readonly options: ReporterOptions) {}

  /** Nodes, or what they are asked for, changed: count again before speaking. */
  capacityChanged(): void {
    this.summary = null;
  }

  async report(now: Date): Promise<void> {
    const data = this.data(now);
    const { heardAt, ...lasting } = data;
    const content = stableJson(lasting);
    if (!isWorthSaying(this.last, content, data.watch, now.getTime())) return;
    const { database, outbox, lease } = this.options;
    await database.transaction(async (tx) => {
      await lease.check(tx);
      await outbox.append(tx, observedCluster, { ...lasting, heardAt });
    });
    this.last = { content, atMs: now.getTime() };
  }

  private data(now: Date): ObservedCluster {
    const { watcher, cluster } = this.options;
    const { cache } = watcher;
    const { watch, heardAtMs, detail } = watcher.health(now.getTime());
    const { name, epoch } = cluster();
    if (cache.isSynced())
      this.summary ??= summarise({
        nodes: cache.nodes.all(),
        pods: cache.pods.all(),
        isOurs: (pod) => cache.isOurs(pod),
      });
    return {
      name,
      epoch,
      watch,
      heardAt: heardAtMs > 0 ? new Date(heardAtMs).toISOString() : null,
      detail,
      version: watcher.version,
      allocatable: this.summary?.allocatable ?? null,
      foreign: this.summary?.foreign ?? null,
      nodes: this.summary?.nodes ?? [],
    };
  }
}
