import { problemOf } from '@berth/api';
import { cancelOutcomeOf, isCancellable, type CancelOutcome, type OperationKind, type Problem } from '@berth/contracts';
import {
  makesRelease,
  type Cancel,
  type Observed,
  type RunningOperation,
  type Service,
  type Target,
} from './service.js';
import { hasArrived } from './steps.js';

/** What a cancel does. `again`: it was cancelled before, and is on its way back. */
export type CancelDecision =
  | { readonly kind: 'refuse'; readonly problem: Problem }
  | { readonly kind: 'again' }
  | { readonly kind: 'go'; readonly outcome: CancelOutcome };

/**
 * Reads a cancel against the operation as it is under the lock of the service's row. `endState` is how it ended, when it
 * did: then nothing is changed any more, however little earlier that was.
 */
export function decideCancel(
  service: Pick<Service, 'liveRelease'> | null,
  operation: RunningOperation | undefined,
  asked: { readonly kind: OperationKind; readonly endState: string | null },
): CancelDecision {
  if (!service || !operation)
    return { kind: 'refuse', problem: problemOf('operation_ended', { state: asked.endState ?? 'unknown' }) };
  if (!isCancellable(operation.kind) || operation.phase === 'removing')
    return { kind: 'refuse', problem: problemOf('not_cancellable', { kind: operation.kind }) };
  if (operation.cancel) return { kind: 'again' };
  const hasReachedClusters = operation.phase === 'rolling';
  return {
    kind: 'go',
    outcome: cancelOutcomeOf({ kind: operation.kind, hasReachedClusters, hasServed: service.liveRelease !== null }),
  };
}

/** The service and its targets on the way back. */
export interface WayBack {
  readonly service: Pick<Service, 'targetRelease' | 'restartToken' | 'deleting'>;
  readonly targets: readonly Target[];
}

/** What is asked of the clusters from now on. The old containers never left (maxUnavailable 0), so nothing is missing meanwhile. */
export function wayBack(
  service: Pick<Service, 'liveRelease' | 'targetRelease' | 'restartToken' | 'deleting'>,
  targets: readonly Target[],
  operation: Pick<RunningOperation, 'kind' | 'restartTokenBefore'>,
  outcome: CancelOutcome,
): WayBack {
  const { targetRelease, restartToken, deleting } = service;
  const kept = { targetRelease, restartToken, deleting };
  const all = (change: Partial<Target>) =>
    targets.map((target) => (target.phase === 'run' ? { ...target, ...change } : target));
  if (outcome === 'removed') return { service: { ...kept, deleting: true }, targets: all({ phase: 'remove' }) };
  if (outcome === 'stands_still') return { service: kept, targets: all({ halted: true }) };
  if (outcome === 'nothing_made') return { service: kept, targets };
  if (!makesRelease(operation)) {
    const token = operation.restartTokenBefore;
    return { service: { ...kept, restartToken: token }, targets: all({ restartToken: token }) };
  }
  const release = service.liveRelease ?? targetRelease ?? 0;
  return { service: { ...kept, targetRelease: release }, targets: all({ release, halted: false }) };
}

/** True when nothing of the cancelled operation is left in the clusters. */
export function isUndone({ outcome }: Cancel, targets: readonly Target[], observed: readonly Observed[]): boolean {
  if (outcome === 'removed') return targets.length === 0;
  if (outcome !== 'back') return true;
  const rows = new Map(observed.map((row) => [row.cluster, row]));
  return targets.every((target) => target.phase !== 'run' || hasArrived(target, rows.get(target.cluster)));
}

interface Left {
  readonly service: Pick<Service, 'liveRelease'>;
  readonly targets: readonly Target[];
  readonly observed: readonly Observed[];
}

/** What a cancelled operation says in the end: by whom, what stays, and a row for each cluster that is not back yet. */
export function cancelledProblem({ actor, cause, outcome }: Cancel, { service, targets, observed }: Left): Problem {
  const rows = new Map(observed.map((row) => [row.cluster, row]));
  const running = targets.filter((target) => target.phase === 'run');
  const readyIn = ({ cluster, replicas }: Target) => Math.min(rows.get(cluster)?.ready ?? 0, replicas);
  const ready = running.reduce((sum, target) => sum + readyIn(target), 0);
  const desired = running.reduce((sum, target) => sum + target.replicas, 0);
  const { liveRelease } = service;
  const open = isUndone({ actor, cause, outcome }, targets, observed) ? [] : targets.filter(isOpen(outcome, rows));
  const stays = stayText(outcome, { liveRelease, ready, desired });
  const params = { by: actor.name, cause, outcome, stays, liveRelease, ready, desired };
  const errors = open.map((target) => ({
    path: target.cluster,
    code: rows.get(target.cluster)?.fresh === false ? 'cluster_silent' : 'going_back',
    message: `${readyIn(target)} of ${target.replicas} ready`,
    params: { ready: readyIn(target), desired: target.replicas },
  }));
  return problemOf('cancelled', params, errors.length > 0 ? { errors } : {});
}

function isOpen(outcome: CancelOutcome, rows: ReadonlyMap<string, Observed>): (target: Target) => boolean {
  return (target) => outcome === 'removed' || (target.phase === 'run' && !hasArrived(target, rows.get(target.cluster)));
}

function stayText(
  outcome: CancelOutcome,
  { liveRelease, ready, desired }: { liveRelease: number | null; ready: number; desired: number },
): string {
  if (outcome === 'removed') return 'Nothing of it stays: its containers are removed and the name is free again.';
  if (outcome === 'stands_still') return 'Nothing served before; what was made stands still to be looked at.';
  if (liveRelease === null) return 'Nothing was made.';
  return `Release #${liveRelease} serves, ${ready} of ${desired} containers are ready.`;
}
