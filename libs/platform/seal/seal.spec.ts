import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Seal, SealBroken, SealedValue } from './index.js';

const newKey = () => randomBytes(32).toString('base64');
const where = 'secret/shop/prod/cart/DB_PASSWORD/3';

describe('a sealed value', () => {
  test('opens to what was sealed, for any text, also after a way through JSON', () => {
    const seal = new Seal(newKey());
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        const stored = SealedValue.parse(JSON.parse(JSON.stringify(seal.seal(plain, where))));
        return seal.open(stored, where) === plain;
      }),
    );
  });

  test('shows nothing of the text, and looks different each time', () => {
    const seal = new Seal(newKey());
    const values = [seal.seal('hunter2', where), seal.seal('hunter2', where)].map((value) => JSON.stringify(value));
    expect(values[0]).not.toEqual(values[1]);
    expect(values.join()).not.toContain('hunter2');
  });

  test('does not open in another row', () => {
    const seal = new Seal(newKey());
    expect(() => seal.open(seal.seal('hunter2', where), 'secret/mall/prod/cart/DB_PASSWORD/3')).toThrow(SealBroken);
  });

  test('does not open with another key', () => {
    const sealed = new Seal(newKey()).seal('hunter2', where);
    expect(() => new Seal(newKey()).open(sealed, where)).toThrow('is not configured');
  });

  test.each(['text', 'wrappedKey'] as const)('does not open when one byte of its %s was changed', (part) => {
    const seal = new Seal(newKey());
    const sealed = seal.seal('hunter2', where);
    const bytes = Buffer.from(sealed[part], 'base64');
    bytes[15] = (bytes[15] ?? 0) ^ 1;
    expect(() => seal.open({ ...sealed, [part]: bytes.toString('base64') }, where)).toThrow(SealBroken);
  });

  test('sealed by an older key opens after the rotation and says that it is stale', () => {
    const [older, newer] = [newKey(), newKey()];
    const sealed = new Seal(older).seal('hunter2', where);
    const rotated = new Seal(`${newer}\n${older}\n`);
    expect(rotated.open(sealed, where)).toBe('hunter2');
    expect([rotated.isStale(sealed), rotated.isStale(rotated.seal('x', where))]).toEqual([true, false]);
  });
});

test.each(['', 'AAAA', 'not base64 at all'])('the key material %j is refused', (material) => {
  expect(() => new Seal(material)).toThrow('32 bytes');
});
