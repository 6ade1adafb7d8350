import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paced } from './paced.js';

const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ key: from + n }));
const keys = (items: readonly { key: number }[]) => items.map(({ key }) => key);

test('a row that comes into view is drawn at once beside those that are', () => {
  const drawn = new Set(keys(rows(0, 25)));
  expect(paced(rows(1, 25), drawn)).toEqual(rows(1, 25));
});

test('a jump to 25 other rows is drawn in 3 goes, from above to below', () => {
  const inView = rows(1000, 25);
  const first = paced(inView, new Set(keys(rows(0, 25))));
  expect(keys(first)).toEqual(keys(rows(1000, 12)));
  const second = paced(inView, new Set(keys(first)));
  expect(keys(second)).toEqual(keys(rows(1000, 24)));
  expect(paced(inView, new Set(keys(second)))).toEqual(inView);
});

test('whatever was drawn, all rows are drawn after as many goes as there are dozens of them', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), fc.nat(100), (before, from, count) => {
      const inView = rows(from, count);
      let drawn: ReadonlySet<number> = new Set(keys(rows(before, 30)));
      for (let go = 0; go < Math.ceil(count / 12); go += 1) drawn = new Set(keys(paced(inView, drawn)));
      return paced(inView, drawn).length === count;
    }),
  );
});
