import { describe, expect, test } from '@jest/globals';
import { judgeProgress, type Observation } from './progress.js';

const now = 1_000_000;
const seen = (given: Partial<Observation>): Observation => ({
  assigned: true,
  lastFetchMs: now,
  unmovedSinceMs: null,
  lag: null,
  nowMs: now,
  ...given,
});
const ago = (seconds: number) => now - seconds * 1_000;

describe('a consumer', () => {
  test.each<[string, Partial<Observation>, string]>([
    ['that just fetched', { lag: true }, 'moving'],
    ['that fetched 29 s ago although records wait', { lastFetchMs: ago(29), lag: true }, 'moving'],
    ['that fetched 30 s ago although records wait', { lastFetchMs: ago(30), lag: true }, 'stuck'],
    ['that fetched 60 s ago although records wait', { lastFetchMs: ago(60), lag: true }, 'dead'],
    ['that fetched 600 s ago and nothing waits', { lastFetchMs: ago(600), lag: false }, 'moving'],
    ['that fetched 600 s ago while the brokers are away', { lastFetchMs: ago(600), lag: null }, 'moving'],
    ['that fetched 600 s ago and has no partition', { lastFetchMs: ago(600), lag: true, assigned: false }, 'moving'],
    ['that has stood at an offset for 29 s', { unmovedSinceMs: ago(29) }, 'moving'],
    ['that has stood at an offset for 30 s', { unmovedSinceMs: ago(30) }, 'stuck'],
    ['that has stood at an offset for 60 s and fetches all the while', { unmovedSinceMs: ago(60), lag: false }, 'dead'],
  ])('%s is %s', (_, given, expected) => {
    expect(judgeProgress(seen(given))).toBe(expected);
  });
});
