import type { Permission, Route } from '@berth/api';
import type { ServiceName } from '@berth/contracts';
import type { Identity } from '@berth/platform/identity';
import { describe, expect, test } from '@jest/globals';
import type { OwnerHttp } from './owner-http.js';
import { requestFor, scopedRoutes } from './scoped-routes.js';

/** Whose rows a list without a place in its address has: those of one environment, of a whole project, or of nobody. */
export type RowsOf = 'environment' | 'project' | 'nobody';

const own = { project: 'mine', environment: 'test' };
const foreign = [
  { project: 'theirs', environment: 'test' },
  { project: 'theirs', environment: 'prod' },
];

/** What every owner must pass that has rows of `mine/test` and `theirs/test`; `lists` names all that a set of scopes narrows. */
export function describeScopes(
  service: ServiceName,
  http: () => OwnerHttp,
  lists: Readonly<Record<string, RowsOf>>,
): void {
  const { url, set } = scopedRoutes(service);
  const ask = async (route: Route, scopes: Identity['scopes'], request = requestFor(route, own)) =>
    http().app.inject({ ...request, headers: await http().as(route.permission as Permission, scopes) });

  describe('of two business lines, somebody who may look at one', () => {
    test('reaches 0 addresses of the other, whatever the body', async () => {
      for (const route of url)
        for (const place of foreign) {
          const answer = await ask(route, ['mine/test'], requestFor(route, place));
          expect([route.id, place, answer.statusCode]).toEqual([route.id, place, 403]);
        }
      expect(url.length).toBeGreaterThan(0);
    });

    test('sees own rows and 0 of the other in each list, whatever it is narrowed to', async () => {
      expect(set.map(({ id }) => id).sort()).toEqual(Object.keys(lists).sort());
      for (const route of set) {
        const request = requestFor(route, own);
        const told = async (scopes: Identity['scopes'], query = '') => {
          const answer = await ask(route, scopes, { ...request, url: `${request.url}${query}` });
          return [route.id, answer.statusCode, answer.body.includes('mine'), answer.body.includes('theirs')];
        };
        const rowsOf = lists[route.id];
        const hasRows = rowsOf !== 'nobody';
        expect(await told('all')).toEqual([route.id, 200, hasRows, hasRows]);
        expect(await told(['mine/test'])).toEqual([route.id, 200, hasRows, false]);
        expect(await told(['mine/prod'])).toEqual([route.id, 200, rowsOf === 'project', false]);
        expect(await told([])).toEqual([route.id, 200, false, false]);
        expect((await told(['mine/test'], '?project=theirs')).at(-1)).toBe(false);
      }
    });
  });
}
