import { describe, expect, test } from '@jest/globals';
import i18next from 'i18next';
import { translator, type Translate } from '../i18n/index.js';
import { en } from '../i18n/en/index.js';
import { effectText, policyText } from './effect.js';

const instance = i18next.createInstance();
await instance.init({
  lng: 'en',
  keySeparator: false,
  nsSeparator: false,
  interpolation: { prefix: '{', suffix: '}', escapeValue: false },
  resources: { en: { translation: en } },
});
const t: Translate = translator(instance, 'en');
const spread = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };

describe('what an operation changes, in words', () => {
  test.each([
    ['nothing more of all clusters', spread, 'Spread'],
    ['2 chosen clusters', { ...spread, mode: 'pinned' as const, clusters: ['a', 'b'] }, 'Pinned: a, b'],
    ['a minimum of 1', { ...spread, minPerCluster: 1 }, 'Spread · at least 1 in each cluster'],
  ])('a policy says %s', (_, policy, text) => {
    expect(policyText(t, policy)).toBe(text);
  });

  test('a new split says both policies, and no number of replicas', () => {
    const effect = { from: { policy: spread }, to: { policy: { ...spread, minPerCluster: 2 } } };
    expect(effectText(t, { effect })).toBe('Spread → Spread · at least 2 in each cluster');
  });
});
