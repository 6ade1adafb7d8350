import { describe, expect, test } from '@jest/globals';
import { problemOf } from '@berth/api';
import { ProblemError } from './problem.js';
import { readAgain } from './read-again.js';

const failed = (status: number) => ({
  state: { status: 'error' as const, error: new ProblemError(problemOf('internal', {}), status) },
});

describe('what could not be read', () => {
  test.each([[0], [500], [503]])('is read again when the answer was %d', (status) => {
    expect(readAgain(failed(status))).toBeGreaterThan(0);
  });

  test.each([[401], [403], [404]])('is not asked for again when it was refused with %d', (status) => {
    expect(readAgain(failed(status))).toBe(false);
  });

  test('is not asked for again because the page broke', () => {
    expect(readAgain({ state: { status: 'error', error: new Error('of the portal') } })).toBe(false);
  });

  test('was read in the end, and is left alone', () => {
    expect(readAgain({ state: { status: 'success', error: null } })).toBe(false);
  });
});
