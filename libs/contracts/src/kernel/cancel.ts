import type { OperationKind } from './operation.js';

/** The operations that can be cancelled: those with a way back. A delete has none, and the rest are over at once. */
export const cancellableKinds = [
  'service.deploy',
  'service.upgrade',
  'service.rollback',
  'service.restart',
  'service.scale',
  'service.split',
  'service.start',
  'service.stop',
] as const satisfies readonly OperationKind[];

/**
 * What is left when an operation is cancelled.
 * - `nothing_made`: it had not reached a cluster; nothing was made, what ran before runs on.
 * - `removed`: a first deploy; its containers are removed, and the name is free again.
 * - `back`: what served before serves; the containers of the attempt go.
 * - `stands_still`: nothing ever served, so there is nothing to go back to; what was made stays to be looked at.
 */
export const cancelOutcomes = ['nothing_made', 'removed', 'back', 'stands_still'] as const;
export type CancelOutcome = (typeof cancelOutcomes)[number];

export interface Cancellable {
  readonly kind: OperationKind;
  /** The clusters were told; before that nothing was made. */
  readonly hasReachedClusters: boolean;
  /** A release of the service was ready once. */
  readonly hasServed: boolean;
}

/** What a cancel leaves. The conductor acts by it, and the portal says it before it is asked for. */
export function cancelOutcomeOf({ kind, hasReachedClusters, hasServed }: Cancellable): CancelOutcome {
  if (!hasReachedClusters) return 'nothing_made';
  if (kind === 'service.deploy') return 'removed';
  const makesRelease = kind === 'service.upgrade' || kind === 'service.rollback';
  return makesRelease && !hasServed ? 'stands_still' : 'back';
}

/** True when a cancel may be asked for at all. */
export function isCancellable(kind: OperationKind): boolean {
  return cancellableKinds.some((one) => one === kind);
}
