import { describe, expect, test } from '@jest/globals';
import { isWell } from './clusters.js';

const now = Date.parse('2026-11-21T09:00:00.000Z');
const heard = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();

describe('a cluster after a start', () => {
  test.each([
    ['ready and heard 3 s ago is well', { phase: 'ready', watch: 'live', heardAt: heard(3) }, true],
    [
      'ready but last heard 60 s ago, before the stop, is not',
      { phase: 'ready', watch: 'live', heardAt: heard(60) },
      false,
    ],
    ['suspect is not', { phase: 'suspect', watch: 'live', heardAt: heard(1) }, false],
    ['quarantined is not', { phase: 'quarantined', watch: 'live', heardAt: heard(1) }, false],
    ['never heard is not', { phase: 'ready', watch: 'connecting', heardAt: null }, false],
  ] as const)('%s', (_, cluster, well) => {
    expect(isWell(cluster, now)).toBe(well);
  });
});
