import type { CmdbVanished } from '@berth/api';
import { expect, test } from '@jest/globals';
import { byProject, hitOf, portions } from './decide.js';

const row = (key: string, environment = 'test', desired = 1): CmdbVanished => ({
  ...{ id: key, kind: 'service', source: 'cmdb', cmdbId: key, key, name: key, reason: 'runs', state: 'waiting' },
  ...{ push: 'p', version: 1, since: '', nowAt: null, keptUntil: null, decidedBy: null, decidedAt: null, cause: null },
  closedAt: null,
  running: [{ service: key, environment, state: 'running', desired, ready: desired, clusters: [] }],
});

test('5,900 rows are decided in 12 portions of at most 500, each row once', () => {
  const ids = Array.from({ length: 5_900 }, (_, index) => `row-${index}`);
  const parts = portions(ids);
  expect(parts.map(({ length }) => length)).toEqual([...Array.from({ length: 11 }, () => 500), 400]);
  expect(parts.flat()).toEqual(ids);
  expect(portions([])).toEqual([]);
});

test('a project and its services are one group, in the order of the list', () => {
  const groups = byProject(['bank', 'bank/loan', 'shop/cart', 'shop/pay'].map((key) => row(key)));
  expect(groups.map(({ project, rows }) => `${project} ${rows.length}`)).toEqual(['bank 2', 'shop 2']);
});

test('of 3 rows the one that runs in production is told; one that is stopped there is not', () => {
  expect(hitOf([row('a', 'prod'), row('b', 'prod', 0), row('c')])).toEqual({ rows: 3, production: 1 });
});
