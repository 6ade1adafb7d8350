import { expect, test } from '@jest/globals';
import { newestFirst } from './newest-first.js';

test.each([
  ['numbers count as numbers', ['1.2', '1.10', '1.9'], ['1.10', '1.9', '1.2']],
  ['a v changes nothing', ['v1.9', '1.10', 'v2.0'], ['v2.0', '1.10', 'v1.9']],
  [
    'a candidate comes before its version',
    ['1.2-rc1', '1.2', '1.2-rc10', '1.2-rc2'],
    ['1.2', '1.2-rc10', '1.2-rc2', '1.2-rc1'],
  ],
  ['a part more is newer', ['1.2', '1.2.1', '1'], ['1.2.1', '1.2', '1']],
  ['dates are numbers', ['20260101-a1', '20251231-ff'], ['20260101-a1', '20251231-ff']],
  ['names without numbers are last, by name', ['latest', '1.0', 'edge'], ['1.0', 'edge', 'latest']],
  ['nothing of nothing', [], []],
])('%s: of %j the order is %j', (_, tags, expected) => {
  expect(newestFirst(tags)).toEqual(expected);
});
