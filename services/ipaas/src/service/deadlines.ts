import type { OperationKind } from '@berth/contracts';

const minuteMs = 60_000;
/** Beyond the roll-out itself a change may take this long to reach us and to be placed. */
const placementAllowanceMs = 2 * minuteMs;
/** The longest that a spec may ask for: a restart or rollback goes by the spec of a release, which the gateway has not seen. */
const longestRolloutMs = 60 * minuteMs;

/**
 * How long an operation may take from its acceptance; the gateway shows the same and gives up a minute later. The roll-out
 * of a deploy or upgrade and 2 minutes; for a restart or rollback the longest roll-out and 2 minutes; a delete has a day,
 * because it waits for silent clusters; 10 minutes for the rest.
 */
export function operationDeadlineMs(kind: OperationKind, rolloutDeadlineSeconds?: number): number {
  if (kind === 'service.delete') return 24 * 60 * minuteMs;
  if (kind === 'service.rollback' || kind === 'service.restart') return longestRolloutMs + placementAllowanceMs;
  if (rolloutDeadlineSeconds !== undefined) return rolloutDeadlineSeconds * 1000 + placementAllowanceMs;
  return 10 * minuteMs;
}

/** When a roll-out that starts now must be ready: never after its operation is over. */
export function rolloutDeadlineAt(now: Date, rolloutDeadlineSeconds: number, operationDeadlineAt: Date): Date {
  return new Date(Math.min(now.getTime() + rolloutDeadlineSeconds * 1000, operationDeadlineAt.getTime()));
}
