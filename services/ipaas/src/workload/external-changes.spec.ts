import { describe, expect, test } from '@jest/globals';
import { afterLook, recentChanges, type ExternalChange } from './external-changes.js';

const now = new Date('2026-11-21T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
const change = (part: Partial<ExternalChange> = {}): ExternalChange => ({
  field: 'replicas',
  manager: 'kubectl-scale',
  at: hoursAgo(1),
  corrected: true,
  correctedAt: hoursAgo(1),
  count: 1,
  desired: '2',
  observed: '5',
  ...part,
});
const kept = (part: Partial<ExternalChange> = {}) => change({ corrected: false, correctedAt: null, ...part });

describe('what is told of others after a look', () => {
  test('one that was put right is told, newest first, beside those of before', () => {
    const before = change({ field: 'image' });
    expect(afterLook([before], change(), now)).toEqual([change(), before]);
  });

  test('the same put right 3 times is one row that says ×3, with the last time', () => {
    const twice = afterLook([change()], change({ at: hoursAgo(0.5), correctedAt: hoursAgo(0.5) }), now);
    expect(afterLook(twice, change({ at: hoursAgo(0), correctedAt: hoursAgo(0) }), now)).toEqual([
      change({ at: hoursAgo(0), correctedAt: hoursAgo(0), count: 3 }),
    ]);
  });

  test('what was kept is forgotten once it is back, and what was put right stays', () => {
    expect(afterLook([kept(), change({ field: 'image' })], null, now)).toEqual([change({ field: 'image' })]);
  });

  test('what is kept and looked at again is the same list, with the time it was found first', () => {
    const told = [kept({ at: hoursAgo(3) })];
    expect(afterLook(told, kept({ at: hoursAgo(0) }), now)).toBe(told);
  });

  test('what was kept while paused is put right when it is resumed: 1 row', () => {
    expect(afterLook([kept()], change(), now)).toEqual([change()]);
  });

  test('the list stays the same list when nothing is found and nothing was kept', () => {
    const told = [change()];
    expect(afterLook(told, null, now)).toBe(told);
  });

  test('25 hours after it was put right it is gone, one that is kept never', () => {
    const old = change({ correctedAt: hoursAgo(25) });
    expect(recentChanges([old, change(), kept({ at: hoursAgo(90) })], now)).toEqual([
      change(),
      kept({ at: hoursAgo(90) }),
    ]);
    expect(afterLook([old], null, now)).toEqual([]);
  });

  test('no more than 10 are kept', () => {
    const told = Array.from({ length: 10 }, (_, index) => change({ observed: String(index + 10) }));
    const after = afterLook(told, change(), now);
    expect([after.length, after[0], after.at(-1)?.observed]).toEqual([10, change(), '18']);
  });
});
