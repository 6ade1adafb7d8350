import { describe, expect, test } from '@jest/globals';
import { cmdbState, silentOwners } from './strip.js';

const hour = 3_600_000;
const now = Date.parse('2026-01-05T00:00:00Z');
const source = (hoursAgo: number | null, sample = false, removed = false) => ({
  ...{ sample, removed },
  pushedAt: hoursAgo === null ? null : new Date(now - hoursAgo * hour).toISOString(),
});

describe('the CMDB in the strip', () => {
  test.each([
    ['no source', [], 'off', null],
    ['a source that never pushed', [source(null)], 'off', null],
    ['a push 3 h ago', [source(3)], 'ok', 3],
    ['a push 49 h ago', [source(49)], 'warn', 49],
    ['a silent source beside one that pushes', [source(1), source(72)], 'warn', 72],
    ['a silent source beside a fresh sample', [source(1, true), source(72)], 'warn', 72],
    ['only a sample of 9 days ago', [source(216, true)], 'ok', 216],
    ['a removed source of 9 days ago beside a fresh one', [source(216, false, true), source(2)], 'ok', 2],
  ] as const)('with %s', (_, sources, tone, hoursAgo) => {
    expect(cmdbState(sources, now)).toEqual({ tone, at: hoursAgo === null ? null : now - hoursAgo * hour });
  });
});

test('an owner that says nothing for 15 s is named, one of 2 s is not', () => {
  const unanswered = [
    { owner: 'ipaas', waiting: 3, delayMs: 15_000 },
    { owner: 'cluster-mgr', waiting: 1, delayMs: 2_000 },
  ];
  expect(silentOwners({ unanswered }).map(({ owner }) => owner)).toEqual(['ipaas']);
});
