import { isClusterError, type ClusterClient, type ClusterError } from '@berth/clients/kubernetes';
import { cutText } from '@berth/contracts';
import type { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { metrics } from '@berth/platform/metrics';
import { clusterHealth, type Answer, type ClusterHealth } from './cluster-health.js';
import { ClusterCache, type CacheListener } from './cluster-cache.js';

const askEveryMs = 3_000;
const askTimeoutMs = 4_000;
/** A watch that was refused asks again within this time. */
const refusalCountsForMs = 15_000;
const versionEveryMs = 10 * 60_000;

/**
 * Watches a cluster into its cache and asks it a small question every 3 s: in a quiet cluster the watches may say nothing
 * for a minute, and that must not look like silence.
 */
export class ClusterWatcher {
  readonly cache: ClusterCache;
  /** For example `v1.34.4`; null before it was heard. */
  version: string | null = null;
  private lastAnswer: Answer | null = null;
  private refusal: Answer | null = null;
  private versionAtMs = 0;
  private readonly asking: WakeableLoop;
  private readonly troubles = metrics.counter('berth_cluster_watch_troubles_total', 'Troubles of watches', [
    'cluster',
    'kind',
  ]);
  private readonly age = metrics.gauge('berth_cluster_heard_age_seconds', 'Since the cluster was last heard of', [
    'cluster',
  ]);

  private readonly watchAge = metrics.gauge('berth_cluster_watch_age_seconds', 'Since a watch last was up to date', [
    'cluster',
    'kind',
  ]);

  constructor(
    private readonly cluster: string,
    installationId: string,
    private readonly client: ClusterClient,
    private readonly log: Logger,
    listener: Omit<CacheListener, 'trouble'>,
  ) {
    this.cache = new ClusterCache(installationId, { ...listener, trouble: (error) => this.trouble(error) });
    this.asking = new WakeableLoop({
      name: `ask-cluster/${cluster}`,
      everyMs: askEveryMs,
      maxBackoffMs: askEveryMs,
      log,
      run: (signal) => this.ask(signal),
    });
  }

  open(): void {
    this.cache.open(this.client);
    this.asking.start();
  }

  async close(): Promise<void> {
    await Promise.all([this.asking.stop(), this.cache.close()]);
    await this.client.close();
  }

  health(nowMs: number): ClusterHealth {
    const isRefused = this.refusal !== null && nowMs - this.refusal.atMs <= refusalCountsForMs;
    const kinds = this.cache.current();
    const health = clusterHealth({
      isSynced: this.cache.isSynced(),
      kinds,
      watchHeardAtMs: this.cache.lastHeardAtMs(),
      lastAnswer: isRefused ? { ...(this.refusal as Answer), atMs: this.lastAnswer?.atMs ?? nowMs } : this.lastAnswer,
      nowMs,
    });
    for (const { kind, currentAtMs } of kinds)
      if (currentAtMs > 0) this.watchAge.set({ cluster: this.cluster, kind }, (nowMs - currentAtMs) / 1_000);
    if (health.heardAtMs > 0) this.age.set({ cluster: this.cluster }, (nowMs - health.heardAtMs) / 1_000);
    return health;
  }

  private async ask(signal: AbortSignal): Promise<void> {
    try {
      // A question that needs our credential and our rights, and the cluster's own store behind it.
      const patience = AbortSignal.any([signal, AbortSignal.timeout(askTimeoutMs)]);
      await this.client.list('Node', { limit: 1, signal: patience });
      this.lastAnswer = { kind: 'ok', atMs: Date.now(), detail: null };
      await this.askVersion(patience);
    } catch (error) {
      if (!signal.aborted) this.lastAnswer = answerOf(error);
    }
  }

  private async askVersion(signal: AbortSignal): Promise<void> {
    if (Date.now() - this.versionAtMs < versionEveryMs) return;
    this.version = (await this.client.version({ signal })).gitVersion;
    this.versionAtMs = Date.now();
  }

  private trouble(error: ClusterError): void {
    this.troubles.inc({ cluster: this.cluster, kind: error.kind });
    this.log.debug('Trouble with a watch; it goes on by itself', { kind: error.kind, detail: error.message });
    const answer = answerOf(error);
    if (answer.kind === 'denied') this.refusal = answer;
  }
}

function answerOf(error: unknown): Answer {
  const isDenied = isClusterError(error, 'unauthorized', 'forbidden');
  const detail = error instanceof Error ? cutText(error.message) : null;
  return { kind: isDenied ? 'denied' : 'silent', atMs: Date.now(), detail };
}
