import { describe, expect, test } from '@jest/globals';
import { comparedWith } from './compare.js';

const releases = (live: number | null) => [3, 2, 1].map((number) => ({ number, live: number === live }));
const against = (live: number | null, number: number) =>
  comparedWith(releases(live), { number, live: number === live })?.number ?? null;

describe('what a release is compared with at first', () => {
  test('#1 and #2 with #3 that serves, #3 with #2 before it', () => {
    expect([1, 2, 3].map((number) => against(3, number))).toEqual([3, 3, 2]);
  });

  test('while nothing serves, with the one before; the first with the one after it', () => {
    expect([3, 2, 1].map((number) => against(null, number))).toEqual([2, 1, 2]);
  });

  test('a single one with nothing', () => {
    expect(comparedWith([{ number: 1, live: true }], { number: 1, live: true })).toBeNull();
  });
});
