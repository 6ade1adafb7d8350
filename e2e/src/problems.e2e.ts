import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { deployBody } from './bodies.js';
import { administrator, person } from './people.js';
import { eventually } from './platform.js';
import { sampleImage, sampleProject } from './sample.js';

/** What can go wrong on the main path: each has its own problem, and what must not exist afterwards does not. */
describe('what goes wrong says what, what still works, and who must act', () => {
  const id = randomUUID().slice(0, 6);
  let admin: ApiUser;
  let scope: { project: string; environment: 'test' };
  let good: string;
  const at = (service: string) => ({ ...scope, service });
  const operationsOf = async (service: string) =>
    (await admin.ok(routes.listOperations, { query: { target: `${scope.project}/test/${service}` } })).items;

  beforeAll(async () => {
    admin = await administrator();
    scope = { project: await sampleProject(admin), environment: 'test' };
    good = sampleImage('1.0');
    await admin.operate(routes.deployService, { params: scope, body: deployBody(`base-${id}`, good, { replicas: 2 }) });
  });

  afterAll(async () => {
    await admin.operate(routes.deleteService, { params: at(`base-${id}`) });
  });

  test.each([
    [
      'an image that is not there',
      (code: string) => deployBody(code, good.replace(/:[^:]*$/, ':9.9')),
      422,
      'image_not_found',
    ],
    ['an image name that is none', (code: string) => deployBody(code, 'UPPER/Case:1'), 422, 'image_invalid'],
    [
      'a registry that does not answer',
      (code: string) => deployBody(code, '127.0.0.1:9/none/none:1'),
      503,
      'registry_unreachable',
    ],
    [
      'a field that does not exist',
      (code: string) => ({ ...deployBody(code, good), isAdmin: true }),
      400,
      'bad_request',
    ],
    [
      'a port of 70000',
      (code: string) => deployBody(code, good, { ports: [{ name: 'http', port: 70_000, protocol: 'HTTP' }] }),
      400,
      'bad_request',
    ],
    [
      'a secret that was never entered',
      (code: string) =>
        deployBody(code, good, { variables: [{ name: 'DB_URL', secret: { name: 'DB_URL', version: 3 } }] }),
      422,
      'unknown_secret',
    ],
  ])('%s is refused before acceptance and leaves no trace', async (_, body, status, code) => {
    const name = `none-${randomUUID().slice(0, 6)}`;
    const answer = await admin.call(routes.deployService, { params: scope, body: body(name) });
    expect([answer.status, answer.problem?.code]).toEqual([status, code]);
    expect(answer.problem?.actor).toBeDefined();
    expect(await operationsOf(name)).toEqual([]);
    expect((await admin.call(routes.getService, { params: at(name) })).status).toBe(404);
  });

  test('a name that is taken is refused with 409', async () => {
    const answer = await admin.call(routes.deployService, { params: scope, body: deployBody(`base-${id}`, good) });
    expect([answer.status, answer.problem?.code]).toEqual([409, 'name_taken']);
  });

  test('a code that starts with kube- is refused', async () => {
    const answer = await admin.call(routes.deployService, { params: scope, body: deployBody('kube-thing', good) });
    expect(answer.status).toBe(400);
  });

  test('host names that cannot be are refused with 400, each by its field, and leave no trace', async () => {
    const hostAliases = [
      { ip: '10.2.0.15', hostnames: ['pay', 'cart.shop-prod.svc'] },
      { ip: '10.2.0', hostnames: ['localhost'] },
    ];
    const code = `hosts-${id}`;
    const answer = await admin.call(routes.deployService, {
      params: scope,
      body: deployBody(code, good, { hostAliases }),
    });
    expect([answer.status, answer.problem?.code, answer.problem?.actor]).toEqual([400, 'bad_request', 'you']);
    expect(answer.problem?.errors?.map(({ path, message }) => [path, message])).toEqual([
      ['spec.hostAliases.0.hostnames.1', "names that end with .svc or .cluster.local are the cluster's own"],
      ['spec.hostAliases.1.ip', 'an IPv4 or IPv6 address'],
      ['spec.hostAliases.1.hostnames.0', 'localhost and its like belong to the container itself'],
    ]);
    expect(await operationsOf(code)).toEqual([]);
  });

  test('64 cores do not fit: the operation is refused with a reason for each cluster, nothing is made', async () => {
    const code = `big-${id}`;
    const operation = await admin.operate(routes.deployService, {
      params: scope,
      body: deployBody(code, good, { size: { cpuMillis: 64_000 * 4, memoryMiB: 64 } }),
    });
    expect(operation).toMatchObject({ state: 'refused', problem: { code: 'no_capacity', actor: 'platform' } });
    expect(operation.problem?.errors?.map((error) => error.path).sort()).toEqual(['beijing', 'shanghai']);
    expect((await admin.call(routes.getService, { params: at(code) })).status).toBe(404);
  });

  test('a first deploy whose probe never answers fails at its deadline; objects and logs stay, and it can be deleted', async () => {
    const code = `probe-${id}`;
    const body = deployBody(code, good, {
      rolloutDeadlineSeconds: 10,
      readiness: {
        kind: 'http',
        path: '/nowhere',
        port: 8080,
        periodSeconds: 1,
        timeoutSeconds: 1,
        failureThreshold: 1,
      },
    });
    const operation = await admin.operate(routes.deployService, { params: scope, body });
    expect(operation).toMatchObject({ state: 'failed', problem: { code: 'rollout_deadline' } });
    expect((await admin.ok(routes.getService, { params: at(code) })).state).toBe('deploy_failed');
    expect((await admin.ok(routes.listContainers, { params: at(code) })).items).toHaveLength(1);
    expect(await admin.operate(routes.deleteService, { params: at(code) })).toMatchObject({ state: 'succeeded' });
  });

  test('a change on an old version gets 412 with both versions, one without If-Match gets 428', async () => {
    const { spec, specVersion } = await admin.ok(routes.getService, { params: at(`base-${id}`) });
    const stale = await admin.call(routes.upgradeService, {
      params: at(`base-${id}`),
      ifMatch: specVersion + 5,
      body: { spec },
    });
    expect([stale.status, stale.problem?.code, stale.problem?.params]).toEqual([
      412,
      'stale_version',
      { seen: specVersion + 5, current: specVersion },
    ]);
    const missing = await admin.call(routes.upgradeService, { params: at(`base-${id}`), body: { spec } });
    expect([missing.status, missing.problem?.code]).toEqual([428, 'if_match_required']);
  });

  test('a second upgrade during a running one supersedes it; each ends exactly once', async () => {
    const service = at(`base-${id}`);
    const first = await admin.ok(routes.getService, { params: service });
    const slow = {
      ...first.spec,
      readiness: {
        kind: 'http',
        path: '/nowhere',
        port: 8080,
        periodSeconds: 1,
        timeoutSeconds: 1,
        failureThreshold: 1,
      },
    };
    const one = await admin.ok(routes.upgradeService, {
      params: service,
      ifMatch: first.specVersion,
      body: { spec: slow },
    });
    const second = await eventually('the next spec version', async () => {
      const now = await admin.ok(routes.getService, { params: service });
      return now.specVersion > first.specVersion && now;
    });
    const two = await admin.ok(routes.upgradeService, {
      params: service,
      ifMatch: second.specVersion,
      body: { spec: first.spec },
    });
    expect((await admin.ended(one.operationId)).state).toBe('superseded');
    expect((await admin.ended(two.operationId)).state).toBe('succeeded');
  });

  test('the same Idempotency-Key twice is one operation; with another body it is 422', async () => {
    const idempotencyKey = randomUUID();
    const request = { params: at(`base-${id}`), idempotencyKey, body: { replicas: 3 } };
    const [one, two] = await Promise.all([
      admin.ok(routes.scaleService, request),
      admin.ok(routes.scaleService, request),
    ]);
    expect(one.operationId).toBe(two.operationId);
    const other = await admin.call(routes.scaleService, { ...request, body: { replicas: 4 } });
    expect([other.status, other.problem?.code]).toEqual([422, 'idempotency_key_reused']);
    await admin.ended(one.operationId);
  });

  test('Prefer: wait answers with the end of the operation', async () => {
    const answer = await admin.call(routes.scaleService, {
      params: at(`base-${id}`),
      body: { replicas: 2 },
      waitSeconds: 60,
    });
    expect([answer.status, (answer.data as unknown as { state: string }).state]).toEqual([200, 'succeeded']);
  });

  test('a developer may deploy in test and is forbidden in production, by name of the right', async () => {
    const developer = await person(admin, `dev-${id}`, [{ role: 'developer', scope: `project:${scope.project}` }]);
    const forbidden = await developer.call(routes.deployService, {
      params: { project: scope.project, environment: 'prod' },
      body: deployBody(`dev-${id}`, good),
    });
    expect([forbidden.status, forbidden.problem?.code, forbidden.problem?.params?.permission]).toEqual([
      403,
      'forbidden',
      'service.deploy',
    ]);
    expect(
      await developer.operate(routes.deployService, { params: scope, body: deployBody(`dev-${id}`, good) }),
    ).toMatchObject({ state: 'succeeded' });
    const audit = await admin.ok(routes.listAudit, { query: { actor: `dev-${id}`, limit: 20 } });
    expect(audit.items.map((row) => row.result)).toContain('forbidden');
    await developer.operate(routes.deleteService, { params: at(`dev-${id}`) });
  });

  test('a stranger sees nothing of the project', async () => {
    const stranger = await person(admin, `stranger-${id}`, []);
    expect((await stranger.call(routes.listServices)).problem?.code).toBe('forbidden');
    expect([403, 404]).toContain((await stranger.call(routes.getService, { params: at(`base-${id}`) })).status);
  });
});
