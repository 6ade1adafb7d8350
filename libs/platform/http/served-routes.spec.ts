import { routes, type Route } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { checkRoutesServed } from './index.js';

const table = [routes.getService, routes.scaleService, routes.listClusters] as unknown as Route[];
const served = (...rows: unknown[]) =>
  rows.map((route, index) => ({ route: route as Route, method: `Things.m${index}` }));

describe('the routes of cluster-mgr', () => {
  test('are complete when each is served once, a command by its preflight', () => {
    checkRoutesServed('cluster-mgr', served(routes.scaleService, routes.listClusters), table);
  });

  test.each<[string, unknown[], string]>([
    ['one is missing', [routes.scaleService], 'listClusters is not served'],
    [
      'one is served twice',
      [routes.scaleService, routes.listClusters, routes.listClusters],
      'served twice: Things.m1, Things.m2',
    ],
    ['one of ipaas is served', [routes.scaleService, routes.listClusters, routes.getService], 'belongs to ipaas'],
  ])('are refused when %s', (_, rows, message) => {
    expect(() => checkRoutesServed('cluster-mgr', served(...rows), table)).toThrow(message);
  });
});
