import { describe, expect, test } from '@jest/globals';
import { ansiPieces, withoutAnsi } from './ansi.js';

const esc = '\u001b';

describe('terminal colours', () => {
  test('a line without them is 1 piece without a class', () => {
    expect(ansiPieces('started')).toEqual([{ text: 'started', className: '' }]);
  });

  test('red, bold and back: 3 pieces', () => {
    expect(ansiPieces(`a ${esc}[1;31mERROR${esc}[0m b`)).toEqual([
      { text: 'a ', className: '' },
      { text: 'ERROR', className: 'ansi-1 ansi-bold' },
      { text: ' b', className: '' },
    ]);
  });

  test.each([
    ['bright green', '92', 'ansi-10'],
    ['index 3 of 256', '38;5;3', 'ansi-3'],
    ['index 200 of 256 has no name in a theme', '38;5;200', ''],
    ['true colour has none either, and its numbers are no codes', '38;2;1;31;2', ''],
    ['a background is left out', '48;5;1', ''],
    ['dim', '2', 'ansi-dim'],
  ])('%s', (_, codes, className) => {
    expect(ansiPieces(`${esc}[${codes}mx`)).toEqual([{ text: 'x', className }]);
  });

  test('the text for reading has neither colours nor window titles nor moves of the cursor', () => {
    expect(withoutAnsi(`${esc}]0;title\u0007${esc}[2K${esc}[32mok${esc}[39m`)).toBe('ok');
  });
});
