import { describe, expect, test } from '@jest/globals';
import { steadyRows } from './steady.js';

const same = (key: string) => key;

describe('rows under the pointer', () => {
  test('without a pointer the list is what came', () => {
    expect(steadyRows(['a', 'b'], ['b', 'x'], same, false)).toEqual({ keys: ['b', 'x'], waiting: 0 });
  });

  test('with a pointer 2 new rows wait and the others keep their order', () => {
    expect(steadyRows(['a', 'b', 'c'], ['x', 'c', 'y', 'a', 'b'], same, true)).toEqual({
      keys: ['a', 'b', 'c'],
      waiting: 2,
    });
  });

  test('the next page is put at the end at once', () => {
    expect(steadyRows(['a', 'b'], ['a', 'b', 'c', 'd'], same, true)).toEqual({
      keys: ['a', 'b', 'c', 'd'],
      waiting: 0,
    });
  });

  test('a row that is gone leaves', () => {
    expect(steadyRows(['a', 'b'], ['b'], same, true)).toEqual({ keys: ['b'], waiting: 0 });
  });
});
