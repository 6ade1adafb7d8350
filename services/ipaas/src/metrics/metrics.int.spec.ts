import { randomUUID } from 'node:crypto';
import { FakePrometheus } from '@berth/clients/prometheus';
import { silentLogger } from '@berth/platform/log';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ObservationStore } from '../cluster/observation.store.pg.js';
import { Scenes } from '../service/service.scenes.js';
import { TopologyService } from '../topology/topology.service.js';
import { TopologyStore } from '../topology/topology.store.pg.js';
import { MetricsService } from './metrics.service.js';
import { MetricsSource } from './metrics-source.js';
import { MetricsStore } from './metrics.store.pg.js';
import { UsageService } from './usage.service.js';

const scope = { project: 'shop', environment: 'prod', service: 'cart' } as const;
const config = { BERTH_PROMETHEUS_SCRAPE_SECONDS: 15 };
let scenes: Scenes;
let uid: string;
let prometheus: FakePrometheus;
let metrics: MetricsService;
let usage: UsageService;

beforeAll(async () => {
  scenes = await Scenes.start();
  ({ uid } = await scenes.running('cart'));
  await scenes.it.database.query(
    `insert into cluster (name, display_name, reach, credential_name, credential_version, phase, epoch)
     values ('beijing', '北京', 'podIP', 'beijing', 1, 'ready', 1)`,
  );
  await addContainer('cart-7d9f-aaaaa', null);
  await addContainer('cart-7d9f-bbbbb', new Date(nowMs() - 600_000));
});
afterAll(() => scenes.it.close());

const nowMs = () => scenes.it.clock.now().getTime();

async function addContainer(name: string, endedAt: Date | null): Promise<void> {
  await scenes.it.database.query(
    `insert into container (uid, service_uid, cluster, namespace, name, release, node, state, ready, restarts, restart_marks,
       created_at, ended_at)
     values ($1, $2, 'beijing', 'shop-prod', $1, 1, 'node-1', $5, true, 1, array[$4::timestamptz], $3, $6)`,
    [name, uid, new Date(nowMs() - 3_000_000), new Date(nowMs() - 120_000), endedAt ? 'ended' : 'running', endedAt],
  );
}

beforeEach(() => {
  const { database, clock } = scenes.it;
  prometheus = new FakePrometheus();
  for (const [pod, cores] of [
    ['cart-7d9f-aaaaa', 0.25],
    ['cart-7d9f-bbbbb', 0.5],
    ['other-7d9f-ccccc', 1],
  ] as const)
    for (let second = -3_600; second <= 0; second += 15) {
      const labels = { cluster: 'beijing', node: 'node-1', namespace: 'shop-prod', pod, container: 'main' };
      const atSeconds = nowMs() / 1_000 + second;
      prometheus.add(
        { name: 'container_cpu_usage_seconds_total', labels, atSeconds, value: (second + 3_600) * cores },
        { name: 'container_memory_working_set_bytes', labels, atSeconds, value: 100_000_000 },
      );
    }
  const source = new MetricsSource(prometheus, clock, silentLogger());
  metrics = new MetricsService(database, new MetricsStore(), source, clock, config);
  usage = new UsageService(database, new MetricsStore(), source, clock, config);
});

describe('the metrics of a service', () => {
  test('are two queries, joined with its containers of now and past by their names', async () => {
    const shown = await metrics.ofService(scope, {});
    expect(prometheus.asked).toHaveLength(2);
    expect(shown.containers.map(({ container, endedAt }) => [container, endedAt === null])).toEqual([
      ['cart-7d9f-aaaaa', true],
      ['cart-7d9f-bbbbb', false],
    ]);
    expect(shown.total.cpuCores.at(-1)).toBe(0.25);
    expect(shown.total.cpuCores.at(-60)).toBe(0.75);
    expect(shown.total.memoryBytes.at(-1)).toBe(100_000_000);
    expect(shown.restarts).toHaveLength(2);
    expect(shown.problem).toBeNull();
  });

  test('have its deploy as a mark', async () => {
    const { marks } = await metrics.ofService(scope, {});
    expect(marks).toEqual([
      {
        at: expect.any(String),
        kind: 'service.deploy',
        release: 1,
        operationId: expect.any(String),
        state: 'succeeded',
      },
    ]);
  });

  test('have a scale as a mark, whose end another service knows', async () => {
    const id = randomUUID();
    await scenes.it.database.query(
      `insert into service_operation (id, service_uid, key, kind, conductor, phase, steps, command, started_at, deadline_at,
         ended_at, end_state)
       values ($1, $2, 'shop/prod/cart', 'service.scale', 'cluster-mgr', 'rolling', '[]', '{}', $3, $4, $4, 'closed')`,
      [id, uid, new Date(nowMs() - 1_000), new Date(nowMs())],
    );
    scenes.it.clock.pass(60);
    const { marks } = await metrics.ofService(scope, {});
    expect(marks).toContainEqual(expect.objectContaining({ kind: 'service.scale', operationId: id, state: null }));
  });

  test('know the readiness of a service that has been at rest since before it was noted', async () => {
    const known = await new MetricsStore().readiness(scenes.it.database, uid, { from: new Date(0), to: new Date() });
    expect(known).toMatchObject([
      { cluster: expect.any(String), ready: 2, desired: 2 },
      { cluster: expect.any(String), ready: 2, desired: 2 },
    ]);
  });

  test('of many who look at once are asked once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => metrics.ofService(scope, {})));
    expect(prometheus.asked).toHaveLength(2);
  });

  test('while Prometheus is silent are a problem that says since when, beside all that is known without it', async () => {
    prometheus.fail({ kind: 'unreachable', detail: 'connect ECONNREFUSED' });
    const since = new Date(nowMs()).toISOString();
    const first = await metrics.ofService(scope, {});
    expect(first.problem).toMatchObject({
      code: 'metrics_unavailable',
      params: { since, cause: 'connect ECONNREFUSED' },
    });
    expect([first.containers.length, first.restarts.length, first.marks.length]).toEqual([2, 2, 2]);
    expect(first.total.cpuCores.every((value) => value === null)).toBe(true);
    scenes.it.clock.pass(60);
    expect((await metrics.ofService(scope, {})).problem).toMatchObject({ params: { since } });
    prometheus.fail();
    scenes.it.clock.pass(60);
    expect((await metrics.ofService(scope, {})).problem).toBeNull();
  });

  test('of a service that does not exist, or for a range of 8 days, are refused', async () => {
    await expect(metrics.ofService({ ...scope, service: 'nobody' }, {})).rejects.toMatchObject({ status: 404 });
    const from = new Date(nowMs() - 8 * 86_400_000).toISOString();
    await expect(metrics.ofService(scope, { from })).rejects.toMatchObject({ status: 422 });
  });
});

describe('the use of many services', () => {
  const inScope = { scopes: ['shop/prod'] };

  test('is four grouped queries for all of them, shared by 50 who ask', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => usage.services({}, inScope)));
    expect(prometheus.asked).toHaveLength(4);
    expect(answers[0]?.items).toMatchObject([
      {
        project: 'shop',
        environment: 'prod',
        service: 'cart',
        cpuCores: 0.75,
        memoryBytes: 200_000_000,
        cpuLimitCores: 0.5,
      },
    ]);
    expect([answers[0]?.times.length, answers[0]?.items[0]?.history.cpuCores.length]).toEqual([30, 30]);
  });

  test('is asked again after 10 s for now, after a minute for the past', async () => {
    await usage.services({}, inScope);
    scenes.it.clock.pass(11);
    await usage.services({}, inScope);
    expect(prometheus.asked.length).toBeGreaterThanOrEqual(6);
    expect(prometheus.asked.length).toBeLessThanOrEqual(8);
  });

  test('shows nothing of other scopes', async () => {
    expect((await usage.services({}, { scopes: ['shop/test'] })).items).toEqual([]);
    expect((await usage.services({}, { scopes: [] })).items).toEqual([]);
    expect((await usage.services({ services: ['shop/prod/cart'] }, { scopes: ['other/prod'] })).items).toEqual([]);
  });

  test('of nodes is what all containers on them use, ours and others', async () => {
    const { items } = await usage.nodes();
    expect(items).toMatchObject([{ cluster: 'beijing', node: 'node-1', cpuCores: 1.75, memoryBytes: 300_000_000 }]);
  });

  test('while Prometheus is silent names the services without values', async () => {
    prometheus.fail({ kind: 'refused', detail: 'execution: too many samples' });
    const answer = await usage.services({}, inScope);
    expect(answer.problem).toMatchObject({ code: 'metrics_unavailable' });
    expect(answer.items).toMatchObject([{ service: 'cart', cpuCores: null, cpuLimitCores: 0.5 }]);
  });
});

test('readiness is one row a change, and none for what stays as it is', async () => {
  const { database } = scenes.it;
  const [row] = (await new ObservationStore().load(database, 'beijing')).observed;
  if (!row) throw new Error('nothing is observed');
  const save = (change: Partial<typeof row>) =>
    database.transaction((tx) => new ObservationStore().saveObserved(tx, [{ ...row, ...change }]));
  for (const change of [
    { ready: 1 },
    { ready: 1 },
    { ready: 1, causeCode: 'crash_loop' },
    { fresh: false },
    { ready: 2 },
  ])
    await save(change);
  const rows = await database.query<{ ready: number | null }>(
    'select ready from service_readiness where service_uid = $1 and cluster = $2 order by at',
    [uid, 'beijing'],
  );
  expect(rows.map(({ ready }) => ready)).toEqual([1, null, 2]);
});

describe('the topology', () => {
  test('has the containers of now with their nodes, of the services that the caller may see', async () => {
    const topology = new TopologyService(scenes.it.database, new TopologyStore(), scenes.it.clock);
    const seen = await topology.read(undefined, { scopes: ['shop/prod'] });
    expect(seen.services).toEqual([{ project: 'shop', environment: 'prod', code: 'cart', name: expect.any(String) }]);
    expect(seen.containers).toEqual([
      {
        cluster: 'beijing',
        node: 'node-1',
        service: 0,
        name: 'cart-7d9f-aaaaa',
        state: 'running',
        restarts: 1,
        release: 1,
      },
    ]);
    expect((await topology.read(undefined, { scopes: ['shop/test'] })).containers).toEqual([]);
    expect((await topology.read('other', { scopes: 'all' })).containers).toEqual([]);
  });
});
