import { expect, test } from '@jest/globals';
import { nearestTags } from './nearest-tags.js';

test.each([
  ['1.4.3', ['latest', '1.4.2', '1.3.0', '2.0'], ['1.4.2', '1.3.0', '2.0', 'latest']],
  ['v1.0', ['1.0', 'v1.1', 'v2.0'], ['v1.1', 'v2.0', '1.0']],
  ['lates', ['latest', '1.0'], ['latest', '1.0']],
  ['1', [], []],
])('%s: of %j the nearest are %j', (asked, tags, expected) => {
  expect(nearestTags(asked, tags)).toEqual(expected);
});

test('at most 10 of 1,000', () => {
  const tags = Array.from({ length: 1_000 }, (_, index) => `1.${index}`);
  expect(nearestTags('1.500', tags)).toHaveLength(10);
  expect(nearestTags('1.500', tags)[0]).toBe('1.500');
});
