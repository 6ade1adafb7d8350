import { problemOf } from '@berth/api';
import { expect, test } from '@jest/globals';
import { ProblemError } from '../../api/problem.js';
import { afterError } from './attempt.js';

const attempt = { draft: '["restart"]', key: 'k-1' };
const problem = problemOf('service_unavailable', { service: 'gateway' });

test.each([
  ['nothing answered', new ProblemError(problem, 0), 'k-1'],
  ['the gateway answered 503 and may have written it', new ProblemError(problem, 503), 'k-1'],
  ['it was refused with 409', new ProblemError(problem, 409), undefined],
  ['the version was stale, 412', new ProblemError(problem, 412), undefined],
])('%s: the next press has the key %3$s', (_, thrown, key) => {
  expect(afterError(attempt, thrown)?.key).toBe(key);
});
