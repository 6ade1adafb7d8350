import { randomUUID } from 'node:crypto';
import { routes, type Operation } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { finalStates, said } from '../agreement.js';
import { deployBody } from '../bodies.js';
import { answersWith, SteadyClient } from '../cluster.js';
import { administrator } from '../people.js';
import { eventually } from '../platform.js';
import { sampleImage, sampleProject } from '../sample.js';

/** A probe that never answers: the roll-out would stand there until its deadline of 120 s. */
const never = {
  kind: 'http',
  path: '/nowhere',
  port: 8080,
  periodSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold: 1,
} as const;

describe('a cancelled operation', () => {
  const id = randomUUID().slice(0, 6);
  let admin: ApiUser;
  let scope: { project: string; environment: 'test' };
  const at = (service: string) => ({ ...scope, service });
  const detail = (service: string) => admin.ok(routes.getService, { params: at(service) });
  const operation = (operationId: string) => admin.ok(routes.getOperation, { params: { id: operationId } });
  const cancel = (operationId: string) => admin.call(routes.cancelOperation, { params: { id: operationId }, body: {} });
  const onceStarted = (operationId: string): Promise<Operation> =>
    eventually('new containers', async () => {
      const now = await operation(operationId);
      return now.steps.some(({ name, cluster }) => name === 'start' && cluster) && now;
    });

  beforeAll(async () => {
    admin = await administrator();
    scope = { project: await sampleProject(admin), environment: 'test' };
    const body = deployBody(`up-${id}`, sampleImage('1.0'), { replicas: 4 });
    expect(await admin.operate(routes.deployService, { params: scope, body })).toMatchObject({ state: 'succeeded' });
  });
  afterAll(async () => {
    await admin.operate(routes.deleteService, { params: at(`up-${id}`) });
  });

  test('upgrade goes back: release #1 serves without one failed request, it ends once, and clusters and tables agree', async () => {
    const service = `up-${id}`;
    const before = await detail(service);
    const urls = before.addresses
      .filter(({ kind }) => kind === 'nodePort')
      .map(({ address, port }) => `http://${address}:${port}/`);
    for (const url of urls) await answersWith(url, '1.0');
    const client = new SteadyClient(urls);
    const accepted = await admin.ok(routes.upgradeService, {
      params: at(service),
      ifMatch: before.specVersion,
      body: { spec: { ...before.spec!, image: sampleImage('1.1'), readiness: never, rolloutDeadlineSeconds: 120 } },
    });
    await onceStarted(accepted.operationId);
    expect((await cancel(accepted.operationId)).status).toBe(202);
    expect((await cancel(accepted.operationId)).status).toBe(202);
    const ended = await admin.ended(accepted.operationId);
    expect(ended).toMatchObject({
      state: 'cancelled',
      problem: { code: 'cancelled', params: { outcome: 'back', liveRelease: 1, ready: 4, desired: 4 } },
    });
    await client.stop();
    expect(client.failures).toEqual([]);
    expect([...client.answers.keys()].filter((text) => !text.includes('1.0'))).toEqual([]);
    expect(await detail(service)).toMatchObject({ state: 'running', release: 1, ready: 4, desired: 4, target: null });
    const { items } = await admin.ok(routes.listReleases, { params: at(service) });
    expect(items.map(({ number, result }) => [number, result])).toEqual([
      [2, 'unfinished'],
      [1, 'available'],
    ]);
    const containers = await eventually('only containers of #1', async () => {
      const rows = await admin.ok(routes.listContainers, { params: at(service), query: { past: 'false' } });
      return rows.items.length === 4 && rows.items;
    });
    expect(new Set(containers.map(({ release }) => release))).toEqual(new Set([1]));
    expect(finalStates(await said()).get(accepted.operationId)).toEqual(['cancelled']);
    const late = await cancel(accepted.operationId);
    expect([late.status, late.problem?.code]).toEqual([409, 'operation_ended']);
  });

  test('first deploy leaves nothing, and the name is free for the next', async () => {
    const code = `first-${id}`;
    const body = deployBody(code, sampleImage('1.0'), { readiness: never, rolloutDeadlineSeconds: 120 });
    const accepted = await admin.ok(routes.deployService, { params: scope, body });
    await onceStarted(accepted.operationId);
    await cancel(accepted.operationId);
    expect(await admin.ended(accepted.operationId)).toMatchObject({
      state: 'cancelled',
      problem: { params: { outcome: 'removed' } },
    });
    expect((await admin.call(routes.getService, { params: at(code) })).status).toBe(404);
    const again = await admin.operate(routes.deployService, {
      params: scope,
      body: deployBody(code, sampleImage('1.0')),
    });
    expect(again).toMatchObject({ state: 'succeeded' });
    await admin.operate(routes.deleteService, { params: at(code) });
  });
});
