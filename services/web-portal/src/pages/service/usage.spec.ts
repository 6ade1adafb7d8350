import { expect, test } from '@jest/globals';
import { isNearLimit, latest } from './usage.js';

test('the newest measured value of 3, 4 and a gap is 4; of gaps alone there is none', () => {
  expect([latest([3, 4, null]), latest([null, null])]).toEqual([4, null]);
});

test.each([
  [90, 100, true],
  [89, 100, false],
  [90, null, false],
  [null, 100, false],
])('%s of %s is near the limit: %s', (value, limit, near) => {
  expect(isNearLimit(value, limit)).toBe(near);
});
