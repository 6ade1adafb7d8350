import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { deployBody } from './bodies.js';
import { SteadyClient, answersWith, clusters } from './cluster.js';
import { administrator } from './people.js';
import { eventually } from './platform.js';
import { sampleImage, sampleProject } from './sample.js';

/** The main job by the public API alone: the same path as the browser's, with what a browser cannot count. */
describe('a service over two clusters', () => {
  const code = `path-${randomUUID().slice(0, 6)}`;
  let admin: ApiUser;
  let scope: { project: string; environment: 'test' };
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    scope = { project: await sampleProject(admin), environment: 'test' };
    service = { ...scope, service: code };
  });

  const detail = () => admin.ok(routes.getService, { params: service });
  const nodePorts = async () =>
    (await detail()).addresses
      .filter((row) => row.kind === 'nodePort')
      .map((row) => `http://${row.address}:${row.port}/`);

  /** What /etc/hosts of the running containers is told beyond their own names, in both clusters, each text once. */
  const hostsOfPods = async () => {
    const found = new Set<string>();
    for (const client of (await clusters()).values()) {
      const { items } = await client.list('Pod', { labelSelector: `berth.dev/service=${code}` });
      for (const { metadata, ...pod } of items)
        if (!metadata.deletionTimestamp)
          found.add(JSON.stringify((pod as { spec?: { hostAliases?: unknown } }).spec?.hostAliases ?? null));
    }
    return [...found];
  };

  test('is deployed with 4 replicas, 2 in each cluster, and every step has its time', async () => {
    const operation = await admin.operate(routes.deployService, {
      params: scope,
      body: deployBody(code, sampleImage('1.0'), { replicas: 4 }),
    });
    expect(operation).toMatchObject({ kind: 'service.deploy', state: 'succeeded', problem: null });
    expect(operation.steps.map((step) => [step.name, step.state])).toEqual(
      expect.arrayContaining([
        ['split_replicas', 'done'],
        ['ready', 'done'],
      ]),
    );
    expect(await detail()).toMatchObject({ state: 'running', desired: 4, ready: 4, release: 1 });
    expect((await detail()).clusters.map((row) => [row.cluster, row.ready]).sort()).toEqual([
      ['beijing', 2],
      ['shanghai', 2],
    ]);
  });

  test('answers on a node port of each cluster, and its log has lines', async () => {
    const addresses = await nodePorts();
    expect(addresses).toHaveLength(2);
    for (const address of addresses) await answersWith(address, '1.0');
    const { items } = await admin.ok(routes.listContainers, { params: service, query: { past: 'false' } });
    expect(items).toHaveLength(4);
    const container = items[0]!;
    const response = await admin.text(routes.readLogs, {
      params: service,
      query: { cluster: container.cluster, container: container.name },
    });
    expect(response.split('\n').filter(Boolean).length).toBeGreaterThan(0);
  });

  test('goes from 4 to 6 replicas and makes no release', async () => {
    const operation = await admin.operate(routes.scaleService, { params: service, body: { replicas: 6 } });
    expect(operation).toMatchObject({ kind: 'service.scale', state: 'succeeded' });
    expect(await detail()).toMatchObject({ desired: 6, ready: 6, release: 1 });
  });

  test('moves its 6 to shanghai alone and back over both, with 6 ready at any time and no release', async () => {
    const splitBy = (mode: 'pinned' | 'spread', clusterNames: string[]) => ({
      params: service,
      body: { policy: { mode, clusters: clusterNames, minPerCluster: 0 } },
    });
    let isOver = false;
    let fewest = 6;
    const watching = (async () => {
      for (; !isOver; await new Promise((resolve) => setTimeout(resolve, 100)))
        fewest = Math.min(fewest, (await detail()).ready);
    })();
    const splits: unknown[] = [];
    for (const wanted of [splitBy('pinned', ['shanghai']), splitBy('spread', [])]) {
      const operation = await admin.operate(routes.splitService, wanted);
      expect(operation).toMatchObject({ kind: 'service.split', state: 'succeeded', problem: null });
      const { placement, release, desired } = await detail();
      splits.push([release, desired, placement?.assignments.map((row) => `${row.cluster} ${row.replicas}`)]);
    }
    isOver = true;
    await watching;
    expect(splits).toEqual([
      [1, 6, ['beijing 0', 'shanghai 6']],
      [1, 6, ['beijing 3', 'shanghai 3']],
    ]);
    expect(fewest).toBe(6);
    const again = await admin.call(routes.splitService, splitBy('spread', []));
    expect([again.status, again.problem?.code]).toEqual([409, 'nothing_to_do']);
  });

  test('is upgraded to a second version with 2 host names without one failed request, and keeps its 6 replicas', async () => {
    const hostAliases = [{ ip: '10.2.0.15', hostnames: ['pay.partner.example', 'pay'] }];
    expect(await hostsOfPods()).toEqual(['null']);
    const client = new SteadyClient(await nodePorts());
    const before = await detail();
    const operation = await admin.operate(routes.upgradeService, {
      params: service,
      ifMatch: before.specVersion,
      body: { spec: { ...before.spec, image: sampleImage('1.1'), hostAliases } },
    });
    await client.stop();
    expect(operation).toMatchObject({ kind: 'service.upgrade', state: 'succeeded' });
    expect(client.failures).toEqual([]);
    expect(await detail()).toMatchObject({ desired: 6, ready: 6, release: 2 });
    for (const address of await nodePorts()) await answersWith(address, '1.1');
    expect((await detail()).spec?.hostAliases).toEqual(hostAliases);
    expect(await hostsOfPods()).toEqual([JSON.stringify(hostAliases)]);
  });

  test('lists the 6 containers of release 1 as past ones', async () => {
    const past = await eventually('6 past containers', async () => {
      const { items } = await admin.ok(routes.listContainers, { params: service, query: { past: 'true' } });
      return items.filter((container) => container.release === 1).length >= 6 && items;
    });
    for (const container of past) expect(container.endedAt).not.toBeNull();
  });

  test('an upgrade that never becomes ready fails at its deadline while the old containers serve', async () => {
    const client = new SteadyClient(await nodePorts(), 50);
    const before = await detail();
    const operation = await admin.operate(routes.upgradeService, {
      params: service,
      ifMatch: before.specVersion,
      body: {
        spec: {
          ...before.spec,
          rolloutDeadlineSeconds: 12,
          readiness: { ...before.spec?.readiness, path: '/no-such-page' },
        },
      },
    });
    await client.stop();
    expect(operation.state).toBe('failed');
    expect(operation.problem).toMatchObject({ code: 'rollout_deadline', actor: 'you' });
    expect(client.failures).toEqual([]);
    const { items } = await admin.ok(routes.listReleases, { params: service });
    expect(items.map((release) => [release.number, release.result, release.live])).toEqual([
      [3, 'failed', false],
      [2, 'available', true],
      [1, 'available', false],
    ]);
  });

  test('is rolled back to release 1 as release 4, with the replicas as they are', async () => {
    const before = await detail();
    const operation = await admin.operate(routes.rollbackService, {
      params: service,
      ifMatch: before.specVersion,
      body: { toRelease: 1, cause: '1.1 有问题' },
    });
    expect(operation).toMatchObject({ kind: 'service.rollback', state: 'succeeded' });
    expect(await detail()).toMatchObject({ desired: 6, ready: 6, release: 4 });
    for (const address of await nodePorts()) await answersWith(address, '1.0');
    expect(await hostsOfPods()).toEqual(['null']);
  });

  test('restarts container by container without one failed request', async () => {
    const client = new SteadyClient(await nodePorts());
    const operation = await admin.operate(routes.restartService, { params: service, body: {} });
    await client.stop();
    expect(operation).toMatchObject({ kind: 'service.restart', state: 'succeeded' });
    expect(client.failures).toEqual([]);
  });

  test('stops, keeps its total, and starts again with it', async () => {
    expect(await admin.operate(routes.stopService, { params: service, body: {} })).toMatchObject({
      state: 'succeeded',
    });
    expect(await detail()).toMatchObject({ state: 'stopped', ready: 0, placement: { total: 6, stopped: true } });
    expect(await admin.operate(routes.startService, { params: service, body: {} })).toMatchObject({
      state: 'succeeded',
    });
    expect(await detail()).toMatchObject({ state: 'running', ready: 6 });
  });

  test('shows the events of its containers from both clusters', async () => {
    const { items } = await admin.ok(routes.listEvents, { params: service });
    expect(new Set(items.map((event) => event.cluster))).toEqual(new Set(['beijing', 'shanghai']));
  });

  test('is deleted, and its name is free again', async () => {
    expect(await admin.operate(routes.deleteService, { params: service })).toMatchObject({
      kind: 'service.delete',
      state: 'succeeded',
    });
    expect((await admin.call(routes.getService, { params: service })).status).toBe(404);
    expect(await admin.ok(routes.checkName, { params: service })).toMatchObject({ free: true });
  });
});
