import 'reflect-metadata';
import { routes, type Permission, type Route } from '@berth/api';
import { PlatformModule } from '@berth/platform/bootstrap';
import { platformConfig } from '@berth/platform/config';
import { createHttpApp, HttpDrain } from '@berth/platform/http';
import { IdentitySigner, identityHeader, type Identity } from '@berth/platform/identity';
import { silentLogger } from '@berth/platform/log';
import { Database } from '@berth/platform/postgres';
import {
  anIdentity,
  requestFor,
  scopedRoutes,
  testDatabase,
  testIdentityKeys,
  type TestDatabase,
} from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { migrations } from './migrations/index.js';

const keys = testIdentityKeys();
const signer = new IdentitySigner(keys.privateKey);
const { url, set } = scopedRoutes('dolphinsync');
const own = { project: 'mine', environment: 'test' };
const foreign = [
  { project: 'theirs', environment: 'test' },
  { project: 'theirs', environment: 'prod' },
];
let at: TestDatabase;
let app: NestFastifyApplication;

beforeAll(async () => {
  at = await testDatabase('dolphinsync', migrations);
  const config = platformConfig.parse({
    BERTH_HTTP_PORT: 0,
    BERTH_POSTGRES_URL: at.url,
    BERTH_KAFKA_BROKERS: '127.0.0.1:1',
    BERTH_IDENTITY_PUBLIC_KEY: keys.publicKey,
    BERTH_LOG_LEVEL: 'silent',
  });
  const log = silentLogger();
  const drain = new HttpDrain();
  const definition = { service: 'dolphinsync' as const, module: AppModule, migrations, config };
  class Root {}
  const root = { module: Root, imports: [PlatformModule.forService(definition, { log, drain }), AppModule] };
  app = await createHttpApp(root, { service: 'dolphinsync', log, drain });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const pushed = await ask(routes.pushCmdb as never, 'all', {
    method: 'POST',
    url: routes.pushCmdb.path,
    payload: {
      source: 'cmdb',
      version: 1,
      businessLines: ['mine', 'theirs'].map((line) => ({ cmdbId: `l-${line}`, code: `line-${line}`, name: line })),
      projects: ['mine', 'theirs'].map((code) => ({ cmdbId: code, code, name: code, businessLine: `l-${code}` })),
      services: ['mine', 'theirs'].map((code) => ({ cmdbId: `s-${code}`, code: 'cart', name: code, project: code })),
    },
  });
  expect(pushed.statusCode).toBe(200);
}, 60_000);
afterAll(async () => {
  await app.close();
  await app.get(Database).close();
  await at.close();
});

async function ask(route: Route, scopes: Identity['scopes'], request = requestFor(route, own)) {
  const identity = anIdentity('dolphinsync', { permissions: [route.permission as Permission], scopes });
  return app.inject({ ...request, headers: { [identityHeader]: await signer.sign(identity) } });
}

/** For each route without a place in its address: what an answer to `mine/test` must have in it. */
const seen: Readonly<Record<string, string>> = { listProjects: '"mine"' };

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
    expect(set.map(({ id }) => id).sort()).toEqual(Object.keys(seen).sort());
    for (const route of set) {
      const everybody = await ask(route, 'all');
      expect([route.id, everybody.statusCode, everybody.body.includes('theirs')]).toEqual([route.id, 200, true]);
      const answer = await ask(route, ['mine/test']);
      expect([route.id, answer.statusCode, answer.body.includes('theirs')]).toEqual([route.id, 200, false]);
      expect(answer.body).toContain(seen[route.id]);
      const asked = { ...requestFor(route, own), url: `${route.path}?project=theirs` };
      expect([route.id, (await ask(route, ['mine/test'], asked)).body.includes('theirs')]).toEqual([route.id, false]);
      expect([route.id, (await ask(route, [])).body.includes('mine')]).toEqual([route.id, false]);
    }
  });
});
