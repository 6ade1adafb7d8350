import type { CmdbMapping } from '@berth/api';
import { expect, test } from '@jest/globals';
import { csvOf } from './csv.js';

const row: CmdbMapping = {
  ...{
    project: 'shop',
    code: 'cart',
    name: '购物车, "新"',
    businessLine: { code: 'w', name: '=1+1' },
    costCentre: null,
  },
  ...{ link: 'none', linkedBy: null, cmdb: null, suggestions: [], linked: [], environments: [] },
};

test('a cell with a comma is quoted, and one that a spreadsheet would calculate is text', () => {
  expect(csvOf([row]).split('\r\n')[1]).toBe(`'=1+1,,shop,cart,"购物车, ""新""",none,`);
});

test('a service in 2 clusters is 2 lines', () => {
  const clusters = ['beijing', 'shanghai'].map((cluster) => ({ cluster, desired: 2, ready: 1 }));
  const environments = [{ environment: 'prod', state: 'running' as const, desired: 4, ready: 2, clusters }];
  expect(
    csvOf([{ ...row, environments }])
      .trim()
      .split('\r\n'),
  ).toHaveLength(3);
});
