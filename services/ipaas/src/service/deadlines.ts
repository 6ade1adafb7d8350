import type { OperationKind } from '@berth/contracts';

const minuteMs = 60_000;
/** Beyond the roll-out itself a change may take this long to reach us and to be placed. */
export const placementAllowanceMs = 2 * minuteMs;
const defaultMs = 10 * minuteMs;

/**
 * How long an operation may take from its acceptance, the same as the gateway shows: 10 minutes; a deploy or upgrade its
 * roll-out deadline and 2 minutes; a delete a day, because it waits for silent clusters.
 */
export function operationDeadlineMs(kind: OperationKind, rolloutDeadlineSeconds?: number): number {
  if (kind === 'service.delete') return 24 * 60 * minuteMs;
  if ((kind === 'service.deploy' || kind === 'service.upgrade') && rolloutDeadlineSeconds !== undefined)
    return rolloutDeadlineSeconds * 1000 + placementAllowanceMs;
  return defaultMs;
}

/** When a roll-out that starts now must be ready: never after its operation is over. */
export function rolloutDeadlineAt(now: Date, rolloutDeadlineSeconds: number, operationDeadlineAt: Date): Date {
  return new Date(Math.min(now.getTime() + rolloutDeadlineSeconds * 1000, operationDeadlineAt.getTime()));
}
