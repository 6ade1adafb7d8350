import { ProjectSlug } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mintSlug } from './slug.js';

const mint = (code: string, taken: string[] = [], seed = 'cmdb/42') => mintSlug(code, seed, new Set(taken));

describe('the slug of a project', () => {
  test.each([
    ['shop', 'shop'],
    ['Wealth_Quote', 'wealth-quote'],
    ['  A.B / C  ', 'a-b-c'],
    ['ＷＥＢ２', 'web2'],
    ['9lives', 'p-9lives'],
    ['x', 'p-x'],
    ['kube-tools', 'p-kube-tools'],
    ['kubera', 'kubera'],
    ['a-very-long-code-that-does-not-fit-into-31', 'a-very-long-code-that-does-not'],
  ])('of the code %j is %s', (code, slug) => {
    expect(mint(code)).toBe(slug);
  });

  test('of a Chinese code is p- and 8 digits of a hash, the same every time', () => {
    expect(mint('财富管理')).toMatch(/^p-[0-9a-f]{8}$/);
    expect(mint('财富管理')).toBe(mint('财富管理'));
    expect(mint('财富管理', [], 'cmdb/43')).not.toBe(mint('财富管理'));
  });

  test('of a code that is taken gets 4 digits of a hash', () => {
    expect(mint('shop', ['shop'])).toMatch(/^shop-[0-9a-f]{4}$/);
  });

  test('of whatever text is valid, free, and no namespace of Kubernetes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 30 }), (codes) => {
        const taken = new Set<string>();
        codes.forEach((code, index) => {
          const slug = mintSlug(code, `cmdb/${index}`, taken);
          expect(ProjectSlug.safeParse(slug).success).toBe(true);
          expect(taken.has(slug)).toBe(false);
          expect(slug).not.toMatch(/^kube(-|$)|-$/);
          taken.add(slug);
        });
      }),
    );
  });
});
