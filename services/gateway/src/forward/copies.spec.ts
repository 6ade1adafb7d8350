import { describe, expect, test } from '@jest/globals';
import { answered, failed, inOrder, type Copy } from './copies.js';

const copies = (...openUntilMs: number[]): Copy[] =>
  openUntilMs.map((until, index) => ({ url: `http://${index}`, failures: until > 0 ? 1 : 0, openUntilMs: until }));
const urls = (list: Copy[]) => list.map(({ url }) => url.at(-1)).join('');

describe('which copy is asked', () => {
  test.each([
    ['the next one every time', copies(0, 0, 0), 1, 0, '120'],
    ['a copy that failed a moment ago is left out', copies(0, 500, 0), 1, 400, '20'],
    ['after its pause it comes last', copies(0, 500, 0), 1, 500, '201'],
    ['none, when all failed a moment ago', copies(500, 500), 0, 400, ''],
    ['none, when there is none', copies(), 3, 0, ''],
  ])('%s', (_, given, turn, nowMs, expected) => expect(urls(inOrder(given, turn, nowMs))).toBe(expected));

  test('pauses grow 250, 500, 1000, 2000, 2000 ms and end with an answer', () => {
    const [copy] = copies(0) as [Copy];
    const pauses = [0, 0, 0, 0, 0].map(() => (failed(copy, 1_000), copy.openUntilMs - 1_000));
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 2_000]);
    answered(copy);
    expect(copy).toMatchObject({ failures: 0, openUntilMs: 0 });
  });
});
