import { problemOf, statusOf, type ProblemCode } from '@berth/api';
import type { Problem } from '@berth/contracts';

type Params = NonNullable<Problem['params']>;

/** A refusal or failure with its problem, as the caller will read it. HTTP maps it to `application/problem+json`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** HTTP status. */
  readonly status: number;

  constructor(
    readonly problem: Problem,
    options?: ErrorOptions,
  ) {
    super(`${problem.code}: ${problem.detail}`, options);
    this.status = statusOf(problem);
  }
}

/** Builds the error to throw for a code of the problem table, e.g. `throw refuse('name_taken', { service, scope })`. */
export function refuse(code: ProblemCode, params?: Params, extra?: Partial<Problem>): ProblemError {
  return new ProblemError(problemOf(code, params, extra));
}

/** The own database or the network failed: trying the same thing again may work, so nothing is given up. */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
}

/** The own database does not answer. Consumers pause on it and commit nothing; HTTP answers 503. */
export class DatabaseUnavailable extends TransientError {
  override readonly name = 'DatabaseUnavailable';
}

/** A message that no number of tries can make right. A handler that throws it sends the message to the dead letters at once. */
export class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
}

/** Text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
