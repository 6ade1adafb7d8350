import { describe, expect, test } from '@jest/globals';
import { languageOf } from './language.js';

describe('the first language', () => {
  test.each([
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-TW'], 'zh-CN'],
    [['en-GB', 'zh-CN'], 'en'],
    [['fr', 'en-US'], 'en'],
    [['fr'], 'zh-CN'],
    [[], 'zh-CN'],
  ] as const)('of a browser that asks for %j is %s', (wanted, language) => {
    expect(languageOf(wanted)).toBe(language);
  });
});
