import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutText, isPlainText, plainText } from './text.js';

describe('text', () => {
  test.each(['a\u0000b', '\ud83d', 'x\ude00', '\ude00\ud83d'])(
    '%j cannot be kept, and can once it is plain',
    (text) => {
      expect(isPlainText(text)).toBe(false);
      expect(isPlainText(plainText(text))).toBe(true);
      expect(plainText(text)).toHaveLength(text.length);
    },
  );

  test.each(['', 'a\nb\t', '购物车', '🙂'])('%j is plain and stays as it is', (text) => {
    expect(isPlainText(text)).toBe(true);
    expect(plainText(text)).toBe(text);
  });

  test('499 characters and a face are cut to 499 and a sign: the face is not cut in half', () => {
    expect(cutText(`${'a'.repeat(498)}🙂bc`)).toBe(`${'a'.repeat(498)}…`);
    expect(cutText('🙂'.repeat(250))).toBe('🙂'.repeat(250));
  });

  test('plain text stays plain and within its limit, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '🙂', '\u0000', '\ud83d')),
        fc.integer({ min: 1, max: 9 }),
        (given, most) => {
          const text = plainText(given.join(''));
          const cut = cutText(text, most);
          expect(isPlainText(cut)).toBe(true);
          expect(cut.length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});
