import { describe, expect, test } from '@jest/globals';
import { isLarge, retirementOf } from './retirement.js';

const limits = { percent: 20, percentFrom: 10, rows: 200 };

describe('a retirement', () => {
  test.each([
    ['1 of 5 is not large: a share of few says nothing', 1, 5, false],
    ['9 of 9 is not', 9, 9, false],
    ['10 of 40 is: 25 %', 10, 40, true],
    ['10 of 50 is not: 20 %', 10, 50, false],
    ['200 of 10,000 is not', 200, 10_000, false],
    ['201 of 10,000 is, though it is 2 %', 201, 10_000, true],
    ['6,000 of 10,000 is', 6_000, 10_000, true],
  ])('of %s', (_, missing, of, expected) => {
    expect(isLarge(missing, of, limits)).toBe(expected);
  });

  const missing = ['a', 'b', 'c'].map((row) => ({ row, nowAt: null }));
  const standing = { runs: ({ row }: { row: string }) => row === 'b', waits: (row: string) => row === 'c' };

  test('retires what does not run, asks about what does, and leaves alone what waits already', () => {
    const { retire, wait, stillWaiting } = retirementOf(missing, standing, false);
    expect(retire.map(({ row }) => row)).toEqual(['a']);
    expect(wait.map(({ row, reason }) => `${row} ${reason}`)).toEqual(['b runs']);
    expect(stillWaiting).toBe(1);
  });

  test('that is large retires nothing, and still asks one by one about what runs', () => {
    const { retire, wait } = retirementOf(missing, standing, true);
    expect(retire).toEqual([]);
    expect(wait.map(({ row, reason }) => `${row} ${reason}`)).toEqual(['b runs', 'a large']);
  });

  test('of a row that was only renamed is no retirement: it goes silently, unless it runs under the old name', () => {
    const renamed = ['a', 'b'].map((row) => ({ row, nowAt: 'shop/new' }));
    const { retire, wait } = retirementOf(renamed, standing, true);
    expect(retire.map(({ row }) => row)).toEqual(['a']);
    expect(wait).toMatchObject([{ row: 'b', reason: 'runs', nowAt: 'shop/new' }]);
  });
});
