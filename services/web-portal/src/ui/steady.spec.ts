import { describe, expect, test } from '@jest/globals';
import { steadyRows } from './steady.js';

const same = (key: string) => key;
const none = new Set<string>();

describe('rows under the pointer', () => {
  test('without a pointer the list is what came', () => {
    expect(steadyRows(['a', 'b'], ['b', 'x'], same, false)).toEqual({ keys: ['b', 'x'], waiting: 0, gone: none });
  });

  test('with a pointer 2 new rows wait and the others keep their order', () => {
    expect(steadyRows(['a', 'b', 'c'], ['x', 'c', 'y', 'a', 'b'], same, true)).toEqual({
      keys: ['a', 'b', 'c'],
      waiting: 2,
      gone: none,
    });
  });

  test('the next page is put at the end at once', () => {
    expect(steadyRows(['a', 'b'], ['a', 'b', 'c', 'd'], same, true)).toEqual({
      keys: ['a', 'b', 'c', 'd'],
      waiting: 0,
      gone: none,
    });
  });

  test('a row that is gone keeps its place, so that nothing moves up under the pointer', () => {
    expect(steadyRows(['a', 'b', 'c'], ['b', 'c'], same, true)).toEqual({
      keys: ['a', 'b', 'c'],
      waiting: 0,
      gone: new Set(['a']),
    });
    expect(steadyRows(['a', 'b', 'c'], ['b', 'c'], same, false)).toEqual({ keys: ['b', 'c'], waiting: 0, gone: none });
  });

  test('when all 2 are gone, both keep their places and the 1 that came waits', () => {
    expect(steadyRows(['a', 'b'], ['x'], same, true)).toEqual({
      keys: ['a', 'b'],
      waiting: 1,
      gone: new Set(['a', 'b']),
    });
  });
});
