import type { ProblemError } from '@berth/platform/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aService, aSpec, policy, type Harness } from '../service/service.harness.js';
import { Scenes } from '../service/service.scenes.js';
import { dockerConfigOf, scopeOfNamespace } from './registry-credential.js';

const password = 'correct-horse-battery';
const scope = { project: 'shop', environment: 'prod' } as const;
const image = 'private.example/shop/cart:1.0';
let scenes: Scenes;
let it: Harness;

beforeAll(async () => {
  scenes = await Scenes.start();
  it = scenes.it;
  it.registry.protect('private.example', { username: 'robot', password });
  it.registry.push({ image, ports: ['8080/tcp'] });
});
beforeEach(async () => {
  const login = { registry: 'private.example', userName: 'robot', password };
  await it.credentials.put(scope, 'harbor', login, '何静');
});
afterAll(() => it.close());

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error as ProblemError).problem,
  );

describe('an image of a registry that wants a login', () => {
  test('is found with the credential, and is a login problem without', async () => {
    expect((await problemOf(it.images.resolve(scope, { image })))?.code).toBe('image_unauthorized');
    expect(await it.images.resolve(scope, { image, registryCredential: 'harbor' })).toMatchObject({ tag: '1.0' });
    expect(await it.images.tags(scope, { image, registryCredential: 'harbor' })).toEqual(['1.0']);
  });

  test('with a wrong password the problem names user and credential, and not the password', async () => {
    await it.credentials.put(
      scope,
      'harbor',
      { registry: 'private.example', userName: 'robot', password: 'wrong-one' },
      'x',
    );
    const problem = await problemOf(it.images.resolve(scope, { image, registryCredential: 'harbor' }));
    expect(problem).toMatchObject({ code: 'credential_refused', params: { name: 'harbor', userName: 'robot', image } });
    expect(JSON.stringify(problem)).not.toContain('wrong-one');
  });

  test('a credential is sent to its own registry only', async () => {
    const asked = { image: 'hub.example/shop/cart:1.0', registryCredential: 'harbor' };
    expect(await problemOf(it.images.resolve(scope, asked))).toMatchObject({
      code: 'credential_of_other_registry',
      params: { name: 'harbor', registry: 'private.example', host: 'hub.example' },
    });
  });

  test('a credential of another environment is none', async () => {
    const elsewhere = { project: 'shop', environment: 'test' } as const;
    const problem = await problemOf(it.images.resolve(elsewhere, { image, registryCredential: 'harbor' }));
    expect(problem?.code).toBe('unknown_registry_credential');
  });

  test('a version that is not there comes with those that are, the nearest first', async () => {
    it.registry.push({ image: 'private.example/shop/cart:0.9', ports: [] });
    const asked = { image: 'private.example/shop/cart:1.1', registryCredential: 'harbor' };
    const problem = await problemOf(it.images.resolve(scope, asked));
    expect(problem?.errors?.map(({ params }) => params?.tag)).toEqual(['1.0', '0.9']);
  });
});

test('a credential that a service uses is not deleted; afterwards it is, and is entered as version 1 again', async () => {
  const service = aService('uses');
  const spec = aSpec({ image, registryCredential: 'harbor' });
  const resolved = await it.images.resolve(scope, spec);
  const operationId = await it.handle('deployService', {
    ...service,
    ...{ name: '用', spec, image: resolved, replicas: 4, policy },
  });
  await scenes.place(service, 1, 1, {}, operationId);
  expect((await it.credentials.list(scope))[0]).toMatchObject({ name: 'harbor', usedBy: ['uses'] });
  expect(await problemOf(it.credentials.remove(scope, 'harbor'))).toMatchObject({
    code: 'credential_in_use',
    params: { services: 'uses' },
  });
  await it.handle('deleteService', service);
  await it.database.query('delete from service where uid = $1', [service.uid]);
  await it.credentials.remove(scope, 'harbor');
  expect(await it.credentials.list(scope)).toEqual([]);
  const again = { registry: 'private.example', userName: 'robot', password };
  expect(await it.credentials.put(scope, 'harbor', again, 'x')).toMatchObject({ version: 1, usedBy: [] });
});

test('a deploy that names a credential which is gone by then is refused', async () => {
  const spec = aSpec({ image, registryCredential: 'nobody' });
  const resolved = await it.images.resolve(scope, { image, registryCredential: 'harbor' });
  const data = { ...aService('late'), name: '迟', spec, image: resolved, replicas: 1, policy };
  const operationId = await it.handle('deployService', data);
  const said = (await it.said()).filter(({ key }) => key === operationId);
  expect(said.map(({ data: change }) => change)).toEqual([
    expect.objectContaining({
      state: 'refused',
      problem: expect.objectContaining({ code: 'unknown_registry_credential' }),
    }),
  ]);
});

test('the password is in no table in the clear, and in no message', async () => {
  const tables = await it.database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  expect(tables.length).toBeGreaterThan(8);
  for (const { name } of tables) {
    const rows = await it.database.query(`select * from "${name}"`);
    expect([name, JSON.stringify(rows).includes(password)]).toEqual([name, false]);
  }
});

test('what a kubelet reads has the login by the host of the image name; Docker Hub has its own', () => {
  const login = { registry: 'hub.example:5000', userName: 'robot', password: 'p', version: 1 };
  expect(JSON.parse(dockerConfigOf(login))).toEqual({
    auths: { 'hub.example:5000': { username: 'robot', password: 'p', auth: 'cm9ib3Q6cA==' } },
  });
  expect(dockerConfigOf({ ...login, registry: 'docker.io' })).toContain('https://index.docker.io/v1/');
  expect(scopeOfNamespace('wealth-quote-prod')).toEqual({ project: 'wealth-quote', environment: 'prod' });
});
