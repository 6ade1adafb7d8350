import { describe, expect, test } from '@jest/globals';
import { unansweredOf } from './health.js';

describe('commands of which nothing was heard', () => {
  test('are counted by who should have answered, the longest silence first', () => {
    const rows = [
      { kind: 'service.scale', waiting: 1, delayMs: 4_000 },
      { kind: 'service.deploy', waiting: 3, delayMs: 9_000 },
      { kind: 'service.upgrade', waiting: 2, delayMs: 70_000 },
    ];
    expect(unansweredOf(rows)).toEqual([
      { owner: 'ipaas', waiting: 5, delayMs: 70_000 },
      { owner: 'cluster-mgr', waiting: 1, delayMs: 4_000 },
    ]);
  });

  test('of a kind that no route asks for are of nobody, and not counted', () =>
    expect(unansweredOf([{ kind: 'cmdb.sync', waiting: 1, delayMs: 1 }])).toEqual([]));
});
