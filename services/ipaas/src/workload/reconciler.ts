import {
  berthLabels,
  isClusterError,
  projectDeployment,
  type ClusterClient,
  type StoredObject,
} from '@berth/clients/kubernetes';
import { LeaseLost, type Lease } from '@berth/platform/lease';
import type { Logger } from '@berth/platform/log';
import { metrics } from '@berth/platform/metrics';
import { placeKey, type ClusterCache } from '../cluster/cluster-cache.js';
import { execute, type ExecutionContext } from './executors.js';
import type { ExternalChange } from './external-changes.js';
import { failureOf, type ReconcileFailure } from './failure.js';
import { KeyedQueue, type RunResult } from './keyed-queue.js';
import { lastForeignManager } from './managers.js';
import { placeOf, type Target } from './objects.js';
import { lacksSecrets } from './observe.js';
import { decisionOf, plan, type Edit, type Observed } from './plan.js';
import type { RegistrySecrets } from './registry-secrets.js';
import type { SecretOpener } from './secret-opener.js';
import type { TargetBook } from './target-book.js';

/** What a reconciler knows beside the cluster and tells as it works. */
export interface ReconcilerHost {
  /** Null while our last write is not known. */
  readonly applied: (serviceUid: string) => Observed['applied'];
  readonly recordApplied: (serviceUid: string, applied: NonNullable<Observed['applied']>) => void;
  readonly recordFailure: (serviceUid: string, failure: ReconcileFailure | null) => void;
  /** What others did, as this look found it; null when nothing. */
  readonly recordEdit: (serviceUid: string, found: ExternalChange | null) => void;
  /** Nothing of the service is left in the cluster. */
  readonly recordGone: (target: Target) => Promise<void>;
  /** False while the cluster is only looked at. */
  readonly isWritable: () => boolean;
}

export interface ReconcilerOptions {
  readonly cluster: string;
  readonly installationId: string;
  readonly client: ClusterClient;
  readonly cache: ClusterCache;
  readonly book: TargetBook;
  readonly lease: Lease;
  readonly secrets: SecretOpener;
  readonly registrySecrets: RegistrySecrets;
  readonly host: ReconcilerHost;
  readonly log: Logger;
}

const concurrency = 8;
/**
 * Nothing is begun with less time left, and a write that still runs when the lease ends is given up. One that its cluster
 * does even later fails at the version it was planned from.
 */
const leaseMarginMs = 3_000;

/** Brings one cluster to what its targets say, service by service: plan, do, and plan again when something changes. */
export class Reconciler {
  private readonly queue: KeyedQueue;
  private readonly forbidden = new Set<string>();
  private readonly steps = metrics.counter('berth_reconcile_steps_total', 'Steps done in clusters', [
    'cluster',
    'kind',
    'result',
  ]);

  constructor(private readonly options: ReconcilerOptions) {
    this.queue = new KeyedQueue({ concurrency, run: (uid, signal) => this.reconcile(uid, signal) });
  }

  /** Asks for a look at a service. `afresh`: a new decision, an earlier failure no longer counts. */
  look(serviceUid: string, { afresh = false }: { afresh?: boolean } = {}): void {
    this.queue.add(serviceUid, { afresh });
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  private async reconcile(serviceUid: string, signal: AbortSignal): Promise<RunResult> {
    const { book, cache, host } = this.options;
    const target = book.get(serviceUid);
    // Before the first complete list an absent object means nothing.
    if (!target || !cache.isSynced() || !host.isWritable()) return 'done';
    try {
      return await this.bringTo(target, signal);
    } catch (error) {
      return this.failed(target, error, signal);
    }
  }

  private async bringTo(target: Target, signal: AbortSignal): Promise<RunResult> {
    const { host, installationId } = this.options;
    const observed = await this.observe(target, signal);
    const { steps, edit, blocked, gone } = plan(target, observed, installationId);
    if (gone) {
      await host.recordGone(target);
      return 'done';
    }
    const change = edit && (await this.externalChange(target, edit, signal));
    if (isPaused(target)) {
      // Under a decision that waits for the end of the pause, what others did cannot be told apart: it stays as it was told.
      const isJudged = observed.deployment !== null && decisionOf(observed.deployment).generation === target.generation;
      if (!blocked && (change || isJudged))
        host.recordEdit(target.serviceUid, change && { ...change, corrected: false, correctedAt: null });
      return 'done';
    }
    for (const step of steps) {
      await this.count(
        step.kind,
        this.withinLease(signal, (until) => execute(step, this.context(until))),
      );
    }
    this.forbidden.delete(target.serviceUid);
    host.recordFailure(target.serviceUid, blocked);
    if (!blocked) host.recordEdit(target.serviceUid, change);
    if (steps.length > 0) this.logSteps(target, steps, change);
    return 'done';
  }

  private failed(target: Target, error: unknown, signal: AbortSignal): RunResult {
    if (signal.aborted) return 'done';
    const failure = failureOf(error);
    // What was planned from is no longer true: the watch tells in a moment.
    if (failure === 'outdated') return 'again';
    if (failure === 'ours') throw error;
    if (failure.code === 'forbidden') this.forbidden.add(target.serviceUid);
    this.options.host.recordFailure(target.serviceUid, failure);
    this.options.log.warn('A service could not be brought to its target', {
      key: target.key,
      code: failure.code,
      detail: failure.detail,
      ...(failure.code === 'internal' && { err: error }),
    });
    throw error;
  }

  private async observe(target: Target, signal: AbortSignal): Promise<Observed> {
    const { cache, host } = this.options;
    const { namespace, name } = placeOf(target.key);
    const deployments = cache.deployments.in(placeKey(namespace, name));
    const pods = cache.pods.in(target.serviceUid);
    const home = cache.namespaces.in(namespace)[0] ?? null;
    const deployment = deployments[0] ?? null;
    const isEmpty = deployment?.serviceUid !== target.serviceUid && pods.length === 0;
    return {
      namespace: home,
      deployment,
      service: cache.services.in(placeKey(namespace, name))[0] ?? null,
      pods: pods.length,
      applied: host.applied(target.serviceUid),
      lacksSecrets: lacksSecrets(pods),
      lacksRegistrySecrets: this.options.registrySecrets.isStale(namespace),
      wasForbidden: this.forbidden.has(target.serviceUid),
      secrets:
        target.phase === 'remove' && isEmpty && home && cache.isOurs(home) ? await this.secretsOf(target, signal) : [],
    };
  }

  /** Secrets are not watched: we may read them only in our own namespaces. */
  private async secretsOf(target: Target, signal: AbortSignal): Promise<Observed['secrets']> {
    const { client, installationId } = this.options;
    const labelSelector = `${berthLabels.serviceUid}=${target.serviceUid},${berthLabels.installation}=${installationId}`;
    const { namespace } = placeOf(target.key);
    const { items } = await client.list('Secret', { namespace, labelSelector, limit: 500, signal });
    return items.map(({ metadata: { name, uid, resourceVersion } }) => ({ name, uid, resourceVersion }));
  }

  /** Who it was, read before we write over it. Null when it turns out that nobody else wrote. */
  private async externalChange(target: Target, edit: Edit, signal: AbortSignal): Promise<ExternalChange | null> {
    const now = new Date().toISOString();
    const { field, manager, at, desired, observed } = edit;
    const words = { corrected: true, correctedAt: now, count: 1, desired, observed };
    if (field === 'deleted') return { field, manager: 'unknown', at: now, ...words };
    if (manager) return { field, manager, at: at ?? now, ...words };
    const live = await this.find(target, signal);
    const foreign = live && lastForeignManager(live);
    return foreign ? { field, manager: foreign.manager, at: foreign.at ?? now, ...words } : null;
  }

  private async find({ key }: Target, signal: AbortSignal): Promise<StoredObject | null> {
    try {
      return await this.options.client.get({ kind: 'Deployment', ...placeOf(key) }, { signal });
    } catch (error) {
      if (isClusterError(error, 'not_found')) return null;
      throw error;
    }
  }

  private context(signal: AbortSignal): ExecutionContext {
    const { client, installationId, secrets, registrySecrets, host, cache } = this.options;
    return {
      client,
      installationId,
      signal,
      syncRegistrySecrets: (namespace) => registrySecrets.sync(namespace, signal),
      openSecret: (uid, name, version) => secrets.open(uid, name, version),
      applied: (serviceUid, stored) => {
        const deployment = projectDeployment(stored);
        host.recordApplied(serviceUid, { deploymentUid: deployment.uid, objectGeneration: deployment.generation });
        cache.deployments.offer(deployment);
      },
    };
  }

  private async withinLease(signal: AbortSignal, write: (until: AbortSignal) => Promise<void>): Promise<void> {
    const { lease, cluster } = this.options;
    const lost = () => new LeaseLost(`the lease of ${cluster} may be gone: somebody else may write`);
    const leftMs = lease.remainingMs();
    if (leftMs < leaseMarginMs) throw lost();
    const ending = AbortSignal.timeout(Math.floor(leftMs));
    try {
      await write(AbortSignal.any([signal, ending]));
    } catch (error) {
      throw ending.aborted ? lost() : error;
    }
  }

  private async count(kind: string, work: Promise<void>): Promise<void> {
    const { cluster } = this.options;
    try {
      await work;
      this.steps.inc({ cluster, kind, result: 'done' });
    } catch (error) {
      this.steps.inc({ cluster, kind, result: isClusterError(error) ? error.kind : 'failed' });
      throw error;
    }
  }

  private logSteps(target: Target, steps: readonly { kind: string }[], change: ExternalChange | null): void {
    this.options.log.info('A service was brought to its target', {
      key: target.key,
      generation: target.generation,
      release: target.release,
      steps: steps.map(({ kind }) => kind),
      because: steps.flatMap((step) => ('because' in step ? step.because : [])),
      ...(change && { changedBy: change.manager, field: change.field }),
    });
  }
}

/** A removal was asked for after the pause, and ends it. */
function isPaused({ paused, phase }: Target): boolean {
  return paused && phase === 'run';
}
