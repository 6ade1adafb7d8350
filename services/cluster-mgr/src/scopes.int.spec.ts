import 'reflect-metadata';
import type { Permission, Route } from '@berth/api';
import { PlatformModule } from '@berth/platform/bootstrap';
import { createHttpApp, HttpDrain } from '@berth/platform/http';
import { IdentitySigner, identityHeader, type Identity } from '@berth/platform/identity';
import { silentLogger } from '@berth/platform/log';
import { Database } from '@berth/platform/postgres';
import { anIdentity, requestFor, scopedRoutes, testDatabase, testIdentityKeys } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { AppModule } from './app.module.js';
import { ProbeLoop } from './cluster/probe-loop.js';
import { clusterMgrConfig } from './config.js';
import { migrations } from './migrations/index.js';
import { Harness } from './spec-harness.js';

const keys = testIdentityKeys();
const signer = new IdentitySigner(keys.privateKey);
const { url, set } = scopedRoutes('cluster-mgr');
const own = { project: 'mine', environment: 'test' };
const foreign = [
  { project: 'theirs', environment: 'test' },
  { project: 'theirs', environment: 'prod' },
];
let it: Harness;
let app: NestFastifyApplication;

beforeAll(async () => {
  const at = await testDatabase('cluster-mgr', migrations);
  it = new Harness(at);
  const config = clusterMgrConfig.parse({
    BERTH_HTTP_PORT: 0,
    BERTH_POSTGRES_URL: at.url,
    BERTH_KAFKA_BROKERS: '127.0.0.1:1',
    BERTH_IDENTITY_PUBLIC_KEY: keys.publicKey,
    BERTH_LOG_LEVEL: 'silent',
  });
  const log = silentLogger();
  const drain = new HttpDrain();
  const definition = { service: 'cluster-mgr' as const, module: AppModule, migrations, config };
  class Root {}
  const root = { module: Root, imports: [PlatformModule.forService(definition, { log, drain }), AppModule] };
  app = await createHttpApp(root, { service: 'cluster-mgr', log, drain });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  // The made-up addresses of this spec would be found silent.
  await app.get(ProbeLoop).onModuleDestroy();
  await it.cluster('beijing');
  const size = { cpuMillis: 500, memoryMiB: 256 };
  const initial = { replicas: 2, policy: { mode: 'spread' as const, clusters: [], minPerCluster: 0 } };
  for (const project of ['mine', 'theirs'])
    await it.handle('placeService', { key: `${project}/test/cart`, uid: randomUUID(), specVersion: 1, size, initial });
}, 60_000);
afterAll(async () => {
  await app.close();
  await app.get(Database).close();
  await it.close();
});

async function ask(route: Route, scopes: Identity['scopes'], request = requestFor(route, own)) {
  const identity = anIdentity('cluster-mgr', { permissions: [route.permission as Permission], scopes });
  return app.inject({ ...request, headers: { [identityHeader]: await signer.sign(identity) } });
}

/** For each route without a place in its address: what everybody who may use it sees. Clusters belong to no business line. */
const seen: Readonly<Record<string, string>> = { listClusters: '"beijing"', getCluster: '"beijing"' };

describe('of two business lines, somebody who may look at one', () => {
  test('reaches 0 addresses of the other, whatever the body', async () => {
    for (const route of url)
      for (const place of foreign) {
        const answer = await ask(route, ['mine/test'], requestFor(route, place));
        expect([route.id, place, answer.statusCode]).toEqual([route.id, place, 403]);
      }
    expect(url.length).toBeGreaterThan(0);
  });

  test('sees every cluster and 0 services of the other in it', async () => {
    const reserved = await it.database.query('select key from placement');
    expect(reserved.length).toBe(2);
    expect(set.map(({ id }) => id).sort()).toEqual(Object.keys(seen).sort());
    for (const route of set) {
      const answer = await ask(route, ['mine/test']);
      expect([route.id, answer.statusCode, answer.body.includes('theirs')]).toEqual([route.id, 200, false]);
      expect(answer.body).toContain(seen[route.id]);
    }
  });
});
