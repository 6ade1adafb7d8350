import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gridOf, latest, lookBackSeconds } from './window.js';

const now = new Date('2026-01-01T12:00:07Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000).toISOString();

describe('the points of a range', () => {
  test.each([
    [900, 10, 90],
    [3_600, 15, 240],
    [21_600, 120, 180],
    [86_400, 300, 288],
    [7 * 86_400, 3_600, 168],
  ])('%d seconds have a step of %d seconds and about %d points', (range, step, points) => {
    const grid = gridOf({ from: ago(range) }, now);
    expect(grid?.stepSeconds).toBe(step);
    expect(((grid?.toSeconds ?? 0) - (grid?.fromSeconds ?? 0)) / step).toBeGreaterThanOrEqual(points - 1);
  });

  test('without a range are those of the last hour', () => {
    const grid = gridOf({}, now);
    expect(grid).toEqual({ fromSeconds: 1767265215, toSeconds: 1767268800, stepSeconds: 15 });
    expect(new Date(1767268800_000).toISOString()).toBe('2026-01-01T12:00:00.000Z');
  });

  test.each([
    ['ends before it begins', { from: ago(10), to: ago(20) }],
    ['has no length', { from: ago(10), to: ago(10) }],
    ['is longer than 7 days', { from: ago(8 * 86_400) }],
    ['begins in the future', { from: ago(-60) }],
  ])('are none for one that %s', (_, query) => {
    expect(gridOf(query, now)).toBeNull();
  });

  test('are whole multiples of the step, at most 400, and never in the future, whatever is asked', () => {
    const seconds = fc.integer({ min: 60, max: 7 * 86_400 });
    fc.assert(
      fc.property(
        seconds,
        fc.option(fc.integer({ min: 10, max: 86_400 }), { nil: undefined }),
        (range, stepSeconds) => {
          const grid = gridOf({ from: ago(range), ...(stepSeconds && { stepSeconds }) }, now);
          if (!grid) throw new Error('no grid');
          expect([grid.fromSeconds % grid.stepSeconds, grid.toSeconds % grid.stepSeconds]).toEqual([0, 0]);
          expect((grid.toSeconds - grid.fromSeconds) / grid.stepSeconds + 1).toBeLessThanOrEqual(400);
          expect(grid.toSeconds).toBeLessThanOrEqual(now.getTime() / 1_000);
          expect(grid.fromSeconds).toBeLessThanOrEqual(grid.toSeconds);
        },
      ),
    );
  });

  test('of the last 30 minutes are 30, the same for everybody within the minute', () => {
    const grid = latest(30, 60, now);
    expect((grid.toSeconds - grid.fromSeconds) / 60 + 1).toBe(30);
    expect(latest(30, 60, new Date('2026-01-01T12:00:59Z'))).toEqual(grid);
  });
});

test('a rate looks back over four scrapes, or the step when that is longer', () => {
  expect([lookBackSeconds(10, 15), lookBackSeconds(300, 15)]).toEqual([60, 300]);
});
