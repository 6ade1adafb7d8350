import { describe, expect, test } from '@jest/globals';
import { DatabaseUnavailable, InvalidMessage, TransientError } from '../errors/index.js';
import { afterFailure } from './retry-schedule.js';

const second = 1_000;

describe('after a failure', () => {
  test.each([
    [1, 1 * second],
    [2, 5 * second],
    [3, 30 * second],
    [4, 120 * second],
    [5, 600 * second],
    [6, 3_600 * second],
    [7, 3_600 * second],
    [500, 3_600 * second],
  ])('number %i of a transient error the next try is after %i ms', (attempts, delayMs) => {
    expect(afterFailure(new TransientError('away'), attempts)).toEqual({ kind: 'again', delayMs });
    expect(afterFailure(new DatabaseUnavailable('away'), attempts)).toEqual({ kind: 'again', delayMs });
  });

  test.each([1, 2, 3, 4])('number %i of any other error it is tried again', (attempts) => {
    expect(afterFailure(new Error('odd'), attempts).kind).toBe('again');
  });

  test.each([5, 6, 90])('number %i of any other error it is given up', (attempts) => {
    expect(afterFailure(new Error('odd'), attempts)).toEqual({ kind: 'give_up' });
  });

  test('number 1 of a message that says it is invalid it is given up', () => {
    expect(afterFailure(new InvalidMessage('no'), 1)).toEqual({ kind: 'give_up' });
  });
});
