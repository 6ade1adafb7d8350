import 'reflect-metadata';
import type { Permission, Route } from '@berth/api';
import { PlatformModule } from '@berth/platform/bootstrap';
import { readConfig } from '@berth/platform/config';
import { createHttpApp, HttpDrain } from '@berth/platform/http';
import { IdentitySigner, identityHeader, type Identity } from '@berth/platform/identity';
import { silentLogger } from '@berth/platform/log';
import { Database } from '@berth/platform/postgres';
import { anIdentity, requestFor, scopedRoutes, testDatabase, testIdentityKeys } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { AppModule } from './app.module.js';
import { ipaasConfig } from './config.js';
import { migrations } from './migrations/index.js';
import { anImage, aSpec, Harness, policy } from './service/service.harness.js';

const keys = testIdentityKeys();
const signer = new IdentitySigner(keys.privateKey);
const { url, set } = scopedRoutes('ipaas');
const own = { project: 'mine', environment: 'test' };
const foreign = [
  { project: 'theirs', environment: 'test' },
  { project: 'theirs', environment: 'prod' },
];
let it: Harness;
let app: NestFastifyApplication;

beforeAll(async () => {
  const at = await testDatabase('ipaas', migrations);
  it = new Harness(at.database, at.close);
  const config = readConfig(ipaasConfig, {
    BERTH_HTTP_PORT: '0',
    BERTH_POSTGRES_URL: at.url,
    BERTH_KAFKA_BROKERS: '127.0.0.1:1',
    BERTH_IDENTITY_PUBLIC_KEY: keys.publicKey,
    BERTH_SEAL_KEY: Buffer.alloc(32, 1).toString('base64'),
    BERTH_REGISTRY_MIRRORS: 'registry.example:5000=http://127.0.0.1:5000',
    BERTH_LOG_LEVEL: 'silent',
  });
  const log = silentLogger();
  const drain = new HttpDrain();
  const definition = { service: 'ipaas' as const, module: AppModule, migrations, config };
  class Root {}
  const root = { module: Root, imports: [PlatformModule.forService(definition, { log, drain }), AppModule] };
  app = await createHttpApp(root, { service: 'ipaas', log, drain });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  for (const project of ['mine', 'theirs']) await deployed(project);
}, 60_000);
afterAll(async () => {
  await app.close();
  await app.get(Database).close();
  await it.close();
});

/** A service with a release, a container and an image of its own, in the catalogue of its business line. */
async function deployed(project: string): Promise<void> {
  const updatedAt = it.clock.now().toISOString();
  const businessLine = { code: `line-${project}`, name: project };
  await it.handle('projectState', {
    ...{ slug: project, code: project, name: project, businessLine, cmdbId: project, updatedAt },
    ...{ retired: false, allowsUnregistered: true },
  });
  const service = { key: `${project}/test/cart`, uid: randomUUID() };
  const image = {
    ...anImage('1.0'),
    repository: `${project}/cart`,
    reference: `hub.example/${project}/cart@${anImage('1.0').digest}`,
  };
  const data = {
    ...service,
    name: project,
    spec: aSpec({ image: `hub.example/${project}/cart:1.0` }),
    image,
    replicas: 2,
    policy,
  };
  const operationId = await it.handle('deployService', data);
  const assignments = [{ cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } }];
  const placed = { ...service, specVersion: 1, generation: 1, total: 2, stopped: false, policy, assignments };
  await it.handle('placed', placed, operationId);
  await it.observe(service.uid, 'beijing');
  await it.database.query(
    `insert into container (uid, service_uid, cluster, namespace, name, release, node, state, ready, restarts, restart_marks,
       created_at)
     values ($1, $2, 'beijing', $1, $1, 1, 'node-1', 'running', true, 0, '{}', now())`,
    [`${project}-test`, service.uid],
  );
}

async function ask(route: Route, scopes: Identity['scopes'], request = requestFor(route, own)) {
  const identity = anIdentity('ipaas', { permissions: [route.permission as Permission], scopes });
  return app.inject({ ...request, headers: { [identityHeader]: await signer.sign(identity) } });
}

/** For each route without a place in its address: whether its answer to `mine/test` has rows of `mine`. Nodes belong to nobody. */
const seen: Readonly<Record<string, boolean>> = {
  listServices: true,
  listServiceUsage: true,
  getTopology: true,
  listImages: true,
  listNodeUsage: false,
};

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
      const told = async (scopes: Identity['scopes'], query = '') => {
        const answer = await ask(route, scopes, { ...requestFor(route, own), url: `${route.path}${query}` });
        return [route.id, answer.statusCode, answer.body.includes('mine'), answer.body.includes('theirs')];
      };
      const hasRows = seen[route.id];
      expect(await told('all')).toEqual([route.id, 200, hasRows, hasRows]);
      expect(await told(['mine/test'])).toEqual([route.id, 200, hasRows, false]);
      expect(await told(['mine/prod'])).toEqual([route.id, 200, false, false]);
      expect((await told(['mine/test'], '?project=theirs')).at(-1)).toBe(false);
    }
  });
});
