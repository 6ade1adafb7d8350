import { expect, test } from '@jest/globals';
import { silentSince } from './silence.js';

const row = (cluster: string, fresh: boolean, since?: string) => ({
  ...{ cluster, desired: 1, ready: 1, updated: 1, fresh },
  ...(since && { silentSince: since }),
});

test('of 2 silent clusters the longer silence counts, of none there is none', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-01T00:05:00Z'];
  expect(silentSince([row('a', true), row('b', false, late), row('c', false, early)])).toBe(early);
  expect(silentSince([row('a', true), row('b', false)])).toBeNull();
});
