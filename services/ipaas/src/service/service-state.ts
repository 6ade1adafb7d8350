import type { ClusterReplicas, ServiceState } from '@berth/contracts';
import type { DatedObserved, Observed, Target } from './service.js';

/** Fewer containers than wanted for this long is 部分异常; shorter is a replaced container and nobody's business. */
export const degradedAfterMs = 60_000;

/** What the state is read from. Times are passed in; nothing here asks a clock. */
export interface StateInput {
  /** False for what the CMDB has and nobody deployed. */
  readonly deployed: boolean;
  readonly deleting: boolean;
  /** A release became ready everywhere at least once. */
  readonly everReady: boolean;
  /** A deploy, upgrade, rollback, restart, scale, start or stop is on its way. */
  readonly changing: boolean;
  readonly stopped: boolean;
  /** The roll-out of the last release failed and stands still. */
  readonly halted: boolean;
  readonly targets: readonly Target[];
  readonly observed: readonly DatedObserved[];
  readonly unreadySince: Date | null;
  readonly now: Date;
}

export interface StateOutput {
  readonly state: ServiceState;
  /** Code of the cause when something is not well. */
  readonly reason: string | null;
  readonly unreadySince: Date | null;
  readonly desired: number;
  /** Never above what is wanted in a cluster, so that a surge does not read 5/4. */
  readonly ready: number;
  readonly clusters: ClusterReplicas[];
  /** When the state changes by the passing of time alone. */
  readonly changesAt: Date | null;
}

/**
 * The state of a service (PORTAL §3), the only place that decides it. First match wins: not deployed, deleting, a change
 * under way, a silent cluster, stopped, a first deploy that failed, then the counts. A silent cluster is never read as
 * zero: its last numbers stay and the state says that it is not known.
 */
export function serviceStateOf(input: StateInput): StateOutput {
  const clusters = clusterReplicasOf(input.targets, input.observed);
  const desired = sum(clusters.map((row) => row.desired));
  const ready = sum(clusters.map((row) => Math.min(row.desired, row.ready)));
  const isShort = ready < desired;
  const unreadySince = isShort && !input.deleting ? (input.unreadySince ?? input.now) : null;
  const [state, reason] = stateAndReason(input, { clusters, desired, ready, unreadySince });
  const waits = state === 'running' && unreadySince !== null;
  const changesAt = waits ? new Date(unreadySince.getTime() + degradedAfterMs) : null;
  return { state, reason, unreadySince, desired, ready, clusters, changesAt };
}

/** A service of the CMDB that nobody deployed. */
export function undeployed(now: Date): StateInput {
  const nothing = {
    deployed: false,
    deleting: false,
    everReady: false,
    changing: false,
    stopped: false,
    halted: false,
  };
  return { ...nothing, targets: [], observed: [], unreadySince: null, now };
}

interface Counts {
  readonly clusters: readonly ClusterReplicas[];
  readonly desired: number;
  readonly ready: number;
  readonly unreadySince: Date | null;
}

function stateAndReason(input: StateInput, counts: Counts): [ServiceState, string | null] {
  const isSilent = counts.clusters.some((row) => !row.fresh && (row.desired > 0 || row.ready > 0));
  const cause = isSilent ? 'cluster_silent' : causeOf(input.targets, input.observed);
  if (!input.deployed) return ['undeployed', null];
  if (input.deleting) return ['deleting', isSilent ? 'cluster_silent' : null];
  if (input.changing) return [input.everReady ? 'changing' : 'deploying', cause];
  if (isSilent) return ['unknown', 'cluster_silent'];
  if (input.stopped) return ['stopped', null];
  if (!input.everReady) return ['deploy_failed', cause];
  if (counts.ready >= counts.desired) return ['running', input.halted ? 'rollout_halted' : null];
  if (counts.ready === 0) return ['down', cause];
  const shortForMs = input.now.getTime() - (counts.unreadySince ?? input.now).getTime();
  return shortForMs >= degradedAfterMs ? ['degraded', cause] : ['running', null];
}

/** Desired and observed replicas per cluster, by name. A cluster that is being emptied counts only while it still has containers. */
export function clusterReplicasOf(targets: readonly Target[], observed: readonly DatedObserved[]): ClusterReplicas[] {
  const seen = new Map(observed.map((row) => [row.cluster, row]));
  return targets
    .map((target): ClusterReplicas => {
      const row = seen.get(target.cluster);
      return {
        cluster: target.cluster,
        desired: target.phase === 'run' ? target.replicas : 0,
        ready: row?.ready ?? 0,
        updated: row && row.release === target.release ? newReady(row) : 0,
        // Nothing heard yet is not silence: the cluster was only just told.
        fresh: row?.fresh ?? true,
        ...(row?.fresh === false && { silentSince: new Date(row.observedAt).toISOString() }),
      };
    })
    .filter((row, index) => targets[index]?.phase === 'run' || row.ready > 0)
    .sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
}

/** Ready pods of the newest template. Old pods are ready until they go (maxUnavailable 0), so the rest of the ready ones is new. */
export function newReady(row: Observed): number {
  const old = Math.max(0, row.replicas - row.updated);
  return Math.max(0, Math.min(row.updated, row.ready - old));
}

/** The cause in the cluster that misses most; by name when two miss alike, so that it does not flap. */
export function worstOf(targets: readonly Target[], observed: readonly Observed[]): Observed | null {
  const wanted = new Map(targets.map((target) => [target.cluster, target.phase === 'run' ? target.replicas : 0]));
  const missing = (row: Observed) => (wanted.get(row.cluster) ?? 0) - newReady(row);
  const rows = observed.filter((row) => row.causeCode !== null && missing(row) > 0);
  rows.sort((a, b) => missing(b) - missing(a) || (a.cluster < b.cluster ? -1 : 1));
  return rows[0] ?? null;
}

function causeOf(targets: readonly Target[], observed: readonly Observed[]): string | null {
  return worstOf(targets, observed)?.causeCode ?? null;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
