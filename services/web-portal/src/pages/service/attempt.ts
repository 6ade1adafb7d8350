import { ProblemError } from '../../api/problem.js';
import type { Attempt } from '../deploy/submit.js';

/**
 * What is left of an attempt that was answered with an error. A refusal left nothing behind: the next try is a new wish. An
 * answer that never came may have been a yes: the same wish is sent again under the same key, and is done once.
 */
export function afterError(attempt: Attempt | null, thrown: unknown): Attempt | null {
  return thrown instanceof ProblemError && thrown.status >= 400 && thrown.status < 500 ? null : attempt;
}
