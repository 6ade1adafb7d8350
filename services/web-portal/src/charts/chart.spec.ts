import { describe, expect, test } from '@jest/globals';
import { countedBy, isAlone, mergedMarks, summaryOf, summed, topOf, type Line } from './chart.js';
import { bytesLabel, coresLabel } from './units.js';

const line = (values: (number | null)[], kind: Line['kind'] = 'now'): Line => ({
  id: kind,
  label: kind,
  values,
  colour: 0,
  kind,
});

describe('a chart', () => {
  test('sums up a line with its gaps left out', () => {
    expect(summaryOf([1, null, 5, 3])).toEqual({ last: 3, mean: 3, highest: 5, highestAt: 2 });
    expect(summaryOf([null, null])).toEqual({ last: null, mean: null, highest: null, highestAt: null });
  });

  test('shows the limit when a quarter of it is used, and not when that would press the lines to the ground', () => {
    expect(topOf([line([0.3]), line([1], 'limit')], 0.01)).toBeCloseTo(1.08);
    expect(topOf([line([0.1]), line([1], 'limit')], 0.01)).toBeCloseTo(0.108);
    expect(topOf([line([null])], 4)).toBe(4);
  });

  test('draws a dot for a point without neighbours only', () => {
    expect([0, 1, 2, 3].filter((index) => isAlone([1, null, 5, null], index))).toEqual([0, 2]);
    expect([0, 1].some((index) => isAlone([1, 2], index))).toBe(false);
  });

  test('makes one label of marks that are too near to one another', () => {
    const marks = [10, 12, 50].map((atSeconds) => ({ atSeconds, label: `at ${atSeconds}` }));
    expect(mergedMarks(marks, 5)).toEqual([
      { atSeconds: 12, label: 'at 10 · at 12' },
      { atSeconds: 50, label: 'at 50' },
    ]);
  });

  test('a sum has a gap only where all have one', () => {
    expect(
      summed([
        [1, null, null],
        [1, 2, null],
      ]),
    ).toEqual([2, 2, null]);
  });

  test('counts what happened in the step before each point', () => {
    expect(countedBy([100, 110, 120], 10, [95, 101, 110, 111, 200])).toEqual([1, 2, 1]);
  });
});

test.each([
  [0, '0'],
  [0.0123, '12.3 m'],
  [0.25, '0.25'],
  [12, '12'],
])('%d cores read %s', (cores, text) => {
  expect(coresLabel(cores)).toBe(text);
});

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [190_840_832, '182 MB'],
  [1_610_612_736, '1.5 GB'],
])('%d bytes read %s', (bytes, text) => {
  expect(bytesLabel(bytes)).toBe(text);
});
