import { CmdbDecisionBody } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import type { z } from 'zod';

export type Decision = z.output<typeof CmdbDecisionBody>;

const dayMs = 24 * 60 * 60 * 1_000;

/** Rows of a retirement that was rejected are left in peace this long. */
export function keptUntilAfterRejection(now: Date): Date {
  return new Date(now.getTime() + 7 * dayMs);
}

/** @throws ProblemError when it is over already, or so far away that nobody would remember. */
export function untilOf(text: string, now: Date): Date {
  const until = new Date(text);
  const isUsable = until > now && until.getTime() <= now.getTime() + 366 * dayMs;
  if (isUsable) return until;
  const message = 'a time from now on, at most a year away';
  throw refuse('bad_request', {}, { errors: [{ path: 'body.until', code: 'out_of_range', message }] });
}
