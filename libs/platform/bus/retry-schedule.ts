import { InvalidMessage, TransientError } from '../errors/index.js';

const scheduleMs = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000];

/** Pause after the first failure. */
export const firstRetryMs = 1_000;

/** Tries after which an error that does not say it is transient becomes a dead letter. */
export const maxAttempts = 5;

export type AfterFailure = { readonly kind: 'again'; readonly delayMs: number } | { readonly kind: 'give_up' };

/** What happens after the `attempts`-th failure: a transient error is tried for ever, at last every hour. */
export function afterFailure(error: unknown, attempts: number): AfterFailure {
  if (error instanceof InvalidMessage) return { kind: 'give_up' };
  if (!(error instanceof TransientError) && attempts >= maxAttempts) return { kind: 'give_up' };
  const delayMs = scheduleMs[Math.min(attempts, scheduleMs.length) - 1] ?? firstRetryMs;
  return { kind: 'again', delayMs };
}
