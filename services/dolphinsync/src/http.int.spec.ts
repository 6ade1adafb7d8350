import { routes, type CmdbPush } from '@berth/api';
import { checkRoutesServed, servedRoutes } from '@berth/platform/http';
import { ownerHttp, type OwnerHttp } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppModule } from './app.module.js';
import { loadConfig } from './config.js';
import { migrations } from './migrations/index.js';

let http: OwnerHttp;

beforeAll(async () => {
  http = await ownerHttp({ service: 'dolphinsync', module: AppModule, migrations, config: loadConfig });
}, 60_000);
afterAll(() => http.close());

const body = {
  source: 'cmdb',
  version: 1,
  businessLines: [{ cmdbId: 'l1', code: 'wealth', name: '财富' }],
  projects: [{ cmdbId: 'p1', code: 'shop', name: '商城', businessLine: 'l1' }],
  services: [{ cmdbId: 's1', code: 'cart', name: '购物车', project: 'p1' }],
};
const push = async (payload: object, headers: Record<string, string>, query = '') =>
  http.app.inject({ method: 'POST', url: `${routes.pushCmdb.path}${query}`, payload, headers });

describe('the HTTP side of dolphinsync', () => {
  test('every route of the table is served once', () => {
    expect(() => checkRoutesServed('dolphinsync', servedRoutes(http.app))).not.toThrow();
  });

  test('a push without the right is 403, with an unknown field 400 that names it', async () => {
    expect((await push(body, await http.as('project.read'))).statusCode).toBe(403);
    const wrong = await push({ ...body, extra: 1 }, await http.as('cmdb.push'));
    expect(wrong.json()).toMatchObject({ status: 400, code: 'bad_request', errors: [{ path: 'extra' }] });
  });

  test('a push is answered with what it did; the same version with other content is 422', async () => {
    const done = await push(body, await http.as('cmdb.push'));
    expect(done.statusCode).toBe(200);
    expect(routes.pushCmdb.response.parse(done.json()) satisfies CmdbPush).toMatchObject({ result: 'applied' });
    const dry = await push({ ...body, version: 2, services: [] }, await http.as('cmdb.push'), '?dryRun=true');
    expect(dry.json()).toMatchObject({ result: 'dry_run', counts: { services: { retired: 1 } } });
    const other = await push({ ...body, services: [] }, await http.as('cmdb.push'));
    expect(other.json()).toMatchObject({ status: 422, code: 'cmdb_version_reused' });
  });

  test('a token of one source pushes for no other: 403, and nothing is written', async () => {
    const headers = await http.as('cmdb.push', 'all', { source: 'sample' });
    const refused = await push({ ...body, version: 3 }, headers);
    expect(refused.json()).toMatchObject({
      status: 403,
      code: 'not_this_source',
      params: { only: 'sample', source: 'cmdb' },
    });
    expect(
      (await push({ ...body, version: 3 }, await http.as('cmdb.push', 'all', { source: 'cmdb' }), '?dryRun=true'))
        .statusCode,
    ).toBe(200);
  });

  test('the lists answer as the table says, and only within the scopes of the caller', async () => {
    const projects = await http.app.inject({
      url: routes.listProjects.path,
      headers: await http.as('project.read', ['shop/test']),
    });
    expect(routes.listProjects.response.parse(projects.json()).items).toMatchObject([{ slug: 'shop', services: 1 }]);
    const elsewhere = await http.app.inject({
      url: routes.listProjects.path,
      headers: await http.as('project.read', ['bank/test']),
    });
    expect(elsewhere.json()).toEqual({ items: [], continue: null });
    const url = '/api/v1/projects/shop/catalog-services';
    const services = await http.app.inject({ url, headers: await http.as('project.read', ['shop/test']) });
    expect(routes.listCatalogServices.response.parse(services.json()).items).toMatchObject([{ code: 'cart' }]);
    expect((await http.app.inject({ url, headers: await http.as('project.read', ['bank/test']) })).statusCode).toBe(
      403,
    );
    const pushes = await http.app.inject({ url: routes.listCmdbPushes.path, headers: await http.as('cmdb.read') });
    expect(routes.listCmdbPushes.response.parse(pushes.json()).items.map(({ result }) => result)).toEqual([
      'dry_run',
      'dry_run',
      'applied',
    ]);
  });
});
