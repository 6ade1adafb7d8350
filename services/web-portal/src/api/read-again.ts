import { ProblemError } from './problem.js';

interface Query {
  readonly state: { readonly status: 'pending' | 'error' | 'success'; readonly error: unknown };
}

const readAgainMs = 10_000;

/**
 * What somebody looks at and could not be read comes back by itself, without a click and without a hint of the feed. For every
 * query that does not say itself when it is read again; one that says so only sometimes asks here for the rest.
 */
export function readAgain({ state: { status, error } }: Query): number | false {
  if (status !== 'error' || !(error instanceof ProblemError)) return false;
  return error.status === 0 || error.status >= 500 ? readAgainMs : false;
}
