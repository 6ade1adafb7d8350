import pg from 'pg';
import { DatabaseUnavailable, messageOf } from '../errors/index.js';

/**
 * Connection exceptions (class 08), a server that shuts down or starts (57P01–57P03), a session that it ended because
 * this process stood still (57P05, 25P03, 25P04), no slots (53300).
 */
const unavailableState = /^(08|57P0[1235]$|25P0[34]$|53300$)/;
const unavailableCode =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
const unavailableText =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has|was))/;

/** Two transactions met: serialization failure or deadlock. Running the work again is the remedy. */
export function isConflict(error: unknown): boolean {
  return stateOf(error) === '40001' || stateOf(error) === '40P01';
}

/** A unique index refused the row. With a name, only that index or constraint counts. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '23505' &&
    (constraint === undefined || error.constraint === constraint)
  );
}

/** The server understood and will never take what is in the rows: no valid value (class 22), against a rule (23), too large (54). */
export function isRefusedData(error: unknown): boolean {
  return /^(2[23]|54)/.test(stateOf(error) ?? '');
}

/** The same error, or `DatabaseUnavailable` around it when the database could not be reached or went away. */
export function translated(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || !isUnavailable(error)) return error;
  return new DatabaseUnavailable(`the database does not answer: ${messageOf(error)}`, { cause: error });
}

/** True when the connection must not be used again: anything but an orderly answer of the server. */
export function isConnectionBroken(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || isUnavailable(error);
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return unavailableState.test(error.code ?? '');
  const code = 'code' in error ? String(error.code) : '';
  if (unavailableCode.test(code) || unavailableText.test(error.message)) return true;
  return error instanceof AggregateError && error.errors.some(isUnavailable);
}

function stateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
