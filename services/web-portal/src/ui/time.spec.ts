import { describe, expect, test } from '@jest/globals';
import { agoText, durationText } from './time.js';

describe('times', () => {
  test.each([
    [31, '31 ms'],
    [420, '0.4 s'],
    [42_000, '42 s'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [260_000_000, '3 d'],
  ])('%i ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));

  test('720 s ago is 12分钟前 and 12 min. ago', () => {
    expect(agoText(0, 720_000, 'zh-CN')).toBe('12分钟前');
    expect(agoText(0, 720_000, 'en')).toBe('12 min. ago');
  });
});
