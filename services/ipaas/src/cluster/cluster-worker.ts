import type { SlimPod } from '@berth/clients/kubernetes';
import type { Lease } from '@berth/platform/lease';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { Outbox } from '@berth/platform/outbox';
import { Database } from '@berth/platform/postgres';
import type { KeptMark } from '../container/kept-log.js';
import type { KeptLogStore } from '../container/kept-log.store.pg.js';
import { LogKeeper } from '../container/log-keeper.js';
import { ProbeWords } from '../container/probe-words.js';
import { Reconciler } from '../workload/reconciler.js';
import type { SecretOpener } from '../workload/secret-opener.js';
import { RegistrySecrets, type RegistrySecretSource } from '../workload/registry-secrets.js';
import { TargetBook } from '../workload/target-book.js';
import type { Target } from '../workload/objects.js';
import type { TargetStore } from '../service/target.store.pg.js';
import { isWritable, type Cluster } from './cluster.js';
import type { ClusterClients } from './cluster-clients.js';
import { staleAfterMs } from './cluster-health.js';
import { ClusterReporter } from './cluster-reporter.js';
import { clusterChannel, type ClusterStore } from './cluster.store.pg.js';
import { ClusterWatcher } from './cluster-watcher.js';
import type { ObservationStore } from './observation.store.pg.js';
import { Observer } from './observer.js';

/** What a worker is made of; the same for every cluster. */
export interface WorkerParts {
  readonly installationId: string;
  readonly database: Database;
  readonly outbox: Outbox;
  readonly clusters: ClusterStore;
  readonly clients: ClusterClients;
  readonly observations: ObservationStore;
  readonly keptLogs: KeptLogStore;
  readonly targets: TargetStore;
  readonly secrets: SecretOpener;
  readonly registrySecrets: RegistrySecretSource;
  readonly log: Logger;
}

const flushEveryMs = 250;
const reportEveryMs = 1_000;
const netEveryMs = 30_000;
const timeEveryMs = 2_000;
/** Nothing is begun with less time left. */
const leaseMarginMs = 3_000;

/** The work on one cluster while its lease is held: watch, report, write down, and bring it to its targets. */
export class ClusterWorker {
  private readonly book = new TargetBook();
  private readonly log: Logger;
  private wasFresh = false;
  private readonly startedAtMs = Date.now();
  private readonly ended = new AbortController();
  /** Targets are read by one loop only: an older reading must not come after a newer one. */
  private wakeTargets: () => void = () => undefined;
  private readonly watcher: ClusterWatcher;
  private readonly observer: Observer;
  private readonly reconciler: Reconciler;
  private readonly reporter: ClusterReporter;
  private readonly registrySecrets: RegistrySecrets;
  private readonly logs: LogKeeper;

  private constructor(
    private cluster: Cluster,
    private readonly parts: WorkerParts,
    private readonly lease: Lease,
    client: Awaited<ReturnType<ClusterClients['open']>>,
    written: Awaited<ReturnType<ObservationStore['load']>>,
    kept: ReadonlyMap<string, KeptMark>,
  ) {
    const { installationId, database, outbox, observations, keptLogs, secrets } = parts;
    const { name } = cluster;
    this.log = parts.log.child({ cluster: name });
    this.watcher = new ClusterWatcher(name, installationId, client, this.log, {
      placeChanged: (place) => this.lookAt(this.book.atPlace(place)),
      namespaceChanged: (namespace) => this.lookAt(this.book.inNamespace(namespace)),
      podsChanged: (serviceUid, before, after) => this.podsChanged(serviceUid, before, after),
      capacityChanged: () => this.reporter.capacityChanged(),
    });
    const { cache } = this.watcher;
    this.reporter = new ClusterReporter({
      database,
      outbox,
      lease,
      watcher: this.watcher,
      cluster: () => this.cluster,
    });
    const words = new ProbeWords(client, this.ended.signal, (uid) => this.observer.changed(uid));
    const observer = new Observer({
      cluster: name,
      database,
      store: observations,
      cache,
      book: this.book,
      lease,
      written,
      probeWords: (pod) => words.of(pod),
      log: this.log,
    });
    this.observer = observer;
    this.logs = new LogKeeper({ client, database, store: keptLogs, lease, log: this.log, kept });
    this.registrySecrets = new RegistrySecrets({
      client,
      installationId,
      book: this.book,
      source: parts.registrySecrets,
    });
    this.reconciler = new Reconciler({
      cluster: name,
      installationId,
      client,
      cache,
      book: this.book,
      lease,
      secrets,
      registrySecrets: this.registrySecrets,
      log: this.log,
      host: {
        applied: (uid) => observer.appliedOf(uid),
        recordApplied: (uid, applied) => observer.recordApplied(uid, applied),
        recordFailure: (uid, failure) => observer.recordFailure(uid, failure),
        recordEdit: (uid, found) => observer.recordEdit(uid, found, new Date()),
        recordGone: (target) => this.gone(target),
        isWritable: () => isWritable(this.cluster) && this.isFresh(),
      },
    });
  }

  /** Works until the signal is aborted, or the cluster or its credential is another one; then it is started anew. */
  static async run(name: string, parts: WorkerParts, lease: Lease, signal: AbortSignal): Promise<void> {
    const cluster = await parts.clusters.byName(parts.database, name);
    if (!cluster) return;
    const written = await parts.observations.load(parts.database, name);
    const kept = await parts.keptLogs.marks(parts.database, name);
    const client = await parts.clients.open(cluster);
    await new ClusterWorker(cluster, parts, lease, client, written, kept).work(signal);
  }

  private async work(signal: AbortSignal): Promise<void> {
    const { database } = this.parts;
    const { name } = this.cluster;
    const loops = this.loops();
    this.wakeTargets = () => loops.targets.wake();
    const unlisten = await Promise.all([
      database.listen('ipaas_target', (heard) => (heard === '' || heard === name ? loops.targets.wake() : undefined)),
      database.listen(clusterChannel, (heard) => (heard === '' || heard === name ? loops.cluster.wake() : undefined)),
    ]);
    this.watcher.open();
    for (const loop of Object.values(loops)) loop.start();
    await untilAborted(AbortSignal.any([signal, this.ended.signal]));
    this.ended.abort();
    await Promise.all(unlisten.map((stop) => stop()));
    await Promise.all([...Object.values(loops).map((loop) => loop.stop()), this.reconciler.stop(), this.logs.stop()]);
    await this.watcher.close();
  }

  private loops() {
    const loop = (name: string, everyMs: number, run: () => Promise<void> | void) =>
      new WakeableLoop({
        name: `${name}/${this.cluster.name}`,
        everyMs,
        log: this.log,
        maxBackoffMs: 5_000,
        run: async () => run(),
      });
    return {
      targets: loop('cluster-targets', netEveryMs, () => this.readTargets()),
      cluster: loop('cluster-row', netEveryMs, () => this.readCluster()),
      flush: loop('cluster-flush', flushEveryMs, () => this.flush()),
      report: loop('cluster-report', reportEveryMs, () => this.reporter.report(new Date())),
      time: loop('cluster-time', timeEveryMs, () => this.observer.timePassed()),
      net: loop('cluster-net', netEveryMs, () => this.lookAt(this.book.uids())),
    };
  }

  private async readTargets(): Promise<void> {
    const { targets, database } = this.parts;
    const rows = await targets.forCluster(database, this.cluster.name);
    // What a release was rendered to never changes: only what is new here is read.
    const fresh = await targets.rendered(
      database,
      rows.filter((row) => !this.book.knows(row)),
    );
    const namespaces = await this.registrySecrets.refresh();
    for (const uid of this.book.replace(rows, fresh)) {
      this.reconciler.look(uid, { afresh: true });
      this.observer.changed(uid);
    }
    await this.syncRegistrySecrets(namespaces);
  }

  /** Credentials that were entered anew or deleted; a service that names one has its own step for it. */
  private async syncRegistrySecrets(namespaces: readonly string[]): Promise<void> {
    if (!isWritable(this.cluster) || !this.isFresh()) return;
    for (const namespace of namespaces) {
      if (this.lease.remainingMs() < leaseMarginMs) return;
      // One namespace that refuses ours must not keep targets from being read; it is tried again in the next round.
      await this.registrySecrets
        .sync(namespace, this.ended.signal)
        .catch((error: unknown) => this.log.warn('Pull secrets could not be written', { namespace, err: error }));
    }
  }

  private async readCluster(): Promise<void> {
    const before = this.cluster;
    const now = await this.parts.clusters.byName(this.parts.database, before.name);
    const isSameCredential =
      now?.credentialName === before.credentialName && now.credentialVersion === before.credentialVersion;
    if (!now || !isSameCredential) return this.ended.abort();
    this.cluster = now;
    if (isWritable(now) && !isWritable(before)) this.lookAt(this.book.uids(), true);
  }

  private async flush(): Promise<void> {
    const fresh = this.isFresh();
    // Back, or complete for the first time: what was held back may be done now.
    if (fresh && !this.wasFresh) this.lookAt(this.book.uids(), true);
    this.wasFresh = fresh;
    // Just taken over: what the holder before us wrote is not old yet.
    if (!fresh && Date.now() - this.startedAtMs < staleAfterMs) return;
    await this.observer.flush(fresh, new Date());
  }

  private isFresh(): boolean {
    return this.watcher.health(Date.now()).watch === 'live';
  }

  private lookAt(uids: Iterable<string>, afresh = false): void {
    for (const uid of uids) {
      this.reconciler.look(uid, { afresh });
      this.observer.changed(uid);
    }
  }

  private podsChanged(serviceUid: string, before: SlimPod | null, after: SlimPod | null): void {
    this.observer.changed(serviceUid);
    this.logs.changed(before, after);
    const target = this.book.get(serviceUid);
    // A removal waits for its containers; one that waits for a Secret may be helped.
    if (target && (target.phase === 'remove' || target.rendered.secrets.length > 0)) this.reconciler.look(serviceUid);
  }

  private async gone(target: Target): Promise<void> {
    const { database, observations, targets } = this.parts;
    await database.transaction(async (tx) => {
      await this.lease.check(tx);
      await observations.forget(tx, target.serviceUid, target.cluster);
      await targets.removed(tx, target.serviceUid, target.cluster);
    });
    this.observer.forget(target.serviceUid);
    this.wakeTargets();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
