import { describe, expect, test } from '@jest/globals';
import { standingOf } from './version.js';

const known = { version: 5, contentHash: 'a' };

describe('how a push stands to what its source said last', () => {
  test.each([
    ['the first snapshot counts', null, { version: 1, contentHash: 'a', baseVersion: null }, 'current'],
    ['a newer snapshot counts', known, { version: 6, contentHash: 'b', baseVersion: null }, 'current'],
    ['the same snapshot again counts, and will change nothing', known, { ...known, baseVersion: null }, 'current'],
    ['an older snapshot is older', known, { version: 4, contentHash: 'b', baseVersion: null }, 'older'],
    [
      'version 5 with another content is refused',
      known,
      { ...known, contentHash: 'b', baseVersion: null },
      'other_content',
    ],
    ['a delta on version 5 counts', known, { version: 6, contentHash: 'b', baseVersion: 5 }, 'current'],
    ['a delta may leave numbers out', known, { version: 9, contentHash: 'b', baseVersion: 5 }, 'current'],
    ['the delta that led to version 5 again was applied', known, { ...known, baseVersion: 4 }, 'again'],
    ['another delta to version 5 is refused', known, { version: 5, contentHash: 'b', baseVersion: 4 }, 'other_content'],
    ['a delta on version 4 comes too late', known, { version: 6, contentHash: 'b', baseVersion: 4 }, 'out_of_order'],
    ['a delta on version 6 comes too early', known, { version: 7, contentHash: 'b', baseVersion: 6 }, 'out_of_order'],
    ['a delta that goes back is refused', known, { version: 4, contentHash: 'b', baseVersion: 5 }, 'out_of_order'],
    ['a delta of an unknown source is refused', null, { version: 1, contentHash: 'a', baseVersion: 0 }, 'out_of_order'],
  ] as const)('%s', (_, source, pushed, expected) => {
    expect(standingOf(source, pushed)).toBe(expected);
  });
});
