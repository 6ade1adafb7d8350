import { describe, expect, test } from '@jest/globals';
import { operationDeadlineMs, rolloutDeadlineAt } from './deadlines.js';

describe('how long an operation may take', () => {
  test.each([
    ['service.deploy', 300, 420],
    ['service.upgrade', 3600, 3720],
    ['service.rollback', undefined, 3720],
    ['service.restart', undefined, 3720],
    ['service.scale', undefined, 600],
    ['service.delete', undefined, 86_400],
  ] as const)('%s with a roll-out of %p s: %i s', (kind, rollout, seconds) => {
    expect(operationDeadlineMs(kind, rollout)).toBe(seconds * 1000);
  });

  test('a roll-out of 300 s that starts 10 s before its operation is over has 10 s', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const soon = new Date('2026-01-01T00:00:10Z');
    expect(rolloutDeadlineAt(now, 300, soon)).toEqual(soon);
    expect(rolloutDeadlineAt(now, 5, soon)).toEqual(new Date('2026-01-01T00:00:05Z'));
  });
});
