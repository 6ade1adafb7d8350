import { serviceKey, type PlacedData, type UnplaceableData } from '@berth/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testDatabase } from '@berth/testing';
import { randomUUID } from 'node:crypto';
import { migrations } from '../migrations/index.js';
import { Harness, type SaidMessage } from '../spec-harness.js';

let it: Harness;
beforeAll(async () => {
  it = new Harness(await testDatabase('cluster-mgr', migrations));
  await it.cluster('beijing');
  await it.cluster('shanghai');
}, 60_000);
beforeEach(async () => {
  await it.said();
});
afterAll(() => it.close());

const core = { cpuMillis: 1_000, memoryMiB: 1_024 };
const policy = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };
const aService = (code: string) => ({
  key: serviceKey({ project: 'shop', environment: 'prod', service: code }),
  uid: randomUUID(),
});
type Service = ReturnType<typeof aService>;

const placedIn = (said: SaidMessage[]) =>
  said.filter(({ type }) => type.endsWith('.placed.v1')).map(({ data }) => data as unknown as PlacedData);
const splitOf = ({ assignments }: Pick<PlacedData, 'assignments'>) =>
  Object.fromEntries(assignments.map((row) => [row.cluster, row.replicas]));

function place(
  service: Service,
  replicas: number,
  change: { specVersion?: number; size?: typeof core } = {},
): Promise<string> {
  return it.handle('placeService', {
    ...service,
    specVersion: 1,
    size: core,
    initial: { replicas, policy },
    ...change,
  });
}
function state(service: Service, settledGeneration: number, specVersion = 1, size = core): Promise<string> {
  return it.settle(service, settledGeneration, { desired: 2, ready: 2, specVersion, size });
}
async function reserved(): Promise<Record<string, number>> {
  const rows = await it.at.database.query<{ cluster: string; cpu: number }>(
    'select cluster, sum(cpu_millis)::bigint as cpu from reservation group by cluster',
  );
  return Object.fromEntries(rows.map(({ cluster, cpu }) => [cluster, cpu]));
}
async function release(service: Service): Promise<void> {
  await it.handle('releasePlacement', service);
}

describe('placing a service', () => {
  const service = aService('cart');

  test('4 replicas over two empty clusters are 2 and 2, with epochs and reasons', async () => {
    const operationId = await place(service, 4);
    const said = await it.said();
    expect(said).toHaveLength(1);
    expect(said[0]?.envelope).toMatchObject({ operationId, uid: service.uid, subject: service.key });
    expect(said[0]?.data).toMatchObject({
      specVersion: 1,
      generation: 1,
      total: 4,
      stopped: false,
      assignments: [
        { cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } },
        { cluster: 'shanghai', replicas: 2, epoch: 1 },
      ],
    });
    expect(await reserved()).toEqual({ beijing: 2_000, shanghai: 2_000 });
  });

  test('an upgrade to 2 cores keeps the split and reserves the larger size until it has settled', async () => {
    await place(service, 9, { specVersion: 2, size: { cpuMillis: 2_000, memoryMiB: 512 } });
    const [answer] = placedIn(await it.said());
    expect(answer).toMatchObject({ specVersion: 2, generation: 2, total: 4 });
    expect(await reserved()).toEqual({ beijing: 4_000, shanghai: 4_000 });
    await state(service, 2, 2, { cpuMillis: 2_000, memoryMiB: 512 });
    const rows = await it.at.database.query('select distinct memory_mib from reservation');
    expect(rows).toEqual([{ memory_mib: 1_024 }]);
  });

  test('a candidate that is given back leaves what was reserved before', async () => {
    await place(service, 9, { specVersion: 3, size: { cpuMillis: 4_000, memoryMiB: 512 } });
    expect(await reserved()).toEqual({ beijing: 8_000, shanghai: 8_000 });
    await it.handle('releasePlacement', { ...service, specVersion: 3 });
    expect(await reserved()).toEqual({ beijing: 4_000, shanghai: 4_000 });
  });

  test('what does not fit is unplaceable with a reason for every cluster, and reserves nothing', async () => {
    await place(aService('giant'), 9, { size: { cpuMillis: 2_000, memoryMiB: 16 } });
    const said = await it.said();
    const answer = said[0]?.data as unknown as UnplaceableData;
    expect(said[0]?.type).toBe('cluster-mgr.placement.unplaceable.v1');
    expect(answer.reasons).toMatchObject([
      { cluster: 'beijing', code: 'too_little_cpu', params: { asked: 2_000, free: 0, fits: 2 } },
      { cluster: 'shanghai', code: 'too_little_cpu' },
    ]);
    expect(await reserved()).toEqual({ beijing: 4_000, shanghai: 4_000 });
  });

  test('a service that is not known and comes without its total is unplaceable as unknown_service', async () => {
    await it.handle('placeService', { ...aService('ghost'), specVersion: 2, size: core });
    expect((await it.said())[0]?.data).toMatchObject({
      reasons: [{ cluster: 'beijing', code: 'unknown_service' }, {}],
    });
  });

  test('forgetting it gives everything back, and a late word about it brings nothing back', async () => {
    await release(service);
    await state(service, 9);
    expect(await reserved()).toEqual({});
  });
});

describe('scale, stop and start', () => {
  const service = aService('api');

  test('scale 2 to 5 runs with its numbers and has succeeded when generation 2 has settled, not before', async () => {
    await place(service, 2);
    await it.said();
    const scale = await it.handle('scaleService', { ...service, replicas: 5 });
    const said = await it.said();
    expect(splitOf(placedIn(said)[0] as PlacedData)).toEqual({ beijing: 3, shanghai: 2 });
    expect(said.find(({ key }) => key === scale)?.data).toMatchObject({
      kind: 'service.scale',
      state: 'running',
      steps: [
        { name: 'check', state: 'done' },
        {
          name: 'split_replicas',
          state: 'done',
          detail: 'beijing 3, shanghai 2',
          split: [{ cluster: 'beijing', replicas: 3, reason: { code: 'even_share' } }, { cluster: 'shanghai' }],
        },
      ],
    });
    await state(service, 1);
    expect(await it.said()).toEqual([]);
    await state(service, 2);
    await state(service, 2);
    expect(Harness.statesOf(await it.said(), scale)).toEqual(['succeeded']);
  });

  test('another incarnation that settles ends nothing', async () => {
    const scale = await it.handle('scaleService', { ...service, replicas: 4 });
    await state({ ...service, uid: randomUUID() }, 99);
    expect(Harness.statesOf(await it.said(), scale)).toEqual(['running']);
    await state(service, 3);
    expect(Harness.statesOf(await it.said(), scale)).toEqual(['succeeded']);
  });

  test('100 replicas are refused as no_capacity, and what ran before keeps its operation and its place', async () => {
    const running = await it.handle('scaleService', { ...service, replicas: 6 });
    const refused = await it.handle('scaleService', { ...service, replicas: 100 });
    const said = await it.said();
    expect(Harness.statesOf(said, running)).toEqual(['running']);
    expect(said.find(({ key }) => key === refused)?.data).toMatchObject({
      state: 'refused',
      problem: { code: 'no_capacity', errors: [{ path: 'beijing', code: 'too_little_memory' }, { path: 'shanghai' }] },
    });
    expect(await reserved()).toEqual({ beijing: 3_000, shanghai: 3_000 });
    await expect(it.reader.check(service.key, { kind: 'service.scale', replicas: 100 })).rejects.toMatchObject({
      status: 409,
    });
  });

  test('stop takes the place of the running scale, frees everything and keeps the total of 6', async () => {
    const stop = await it.handle('stopService', service);
    const said = await it.said();
    expect(said.filter(({ data }) => data.state === 'superseded')).toHaveLength(1);
    expect(placedIn(said)[0]).toMatchObject({
      total: 6,
      stopped: true,
      assignments: [{ replicas: 0, reason: { code: 'stopped' } }, { replicas: 0 }],
    });
    expect(await reserved()).toEqual({});
    await state(service, 5);
    expect(Harness.statesOf(await it.said(), stop)).toEqual(['succeeded']);
  });

  test('start brings the total of 6 back; a second start has nothing to do', async () => {
    await it.handle('startService', service);
    const second = await it.handle('startService', service);
    const said = await it.said();
    expect(splitOf(placedIn(said)[0] as PlacedData)).toEqual({ beijing: 3, shanghai: 3 });
    expect(said.find(({ key }) => key === second)?.data).toMatchObject({
      state: 'refused',
      problem: { code: 'nothing_to_do' },
    });
  });

  test('an operation that does not settle in 600 s fails with operation_deadline', async () => {
    it.clock.pass(600);
    await it.sweep.sweep();
    expect(await it.said()).toMatchObject([
      {
        data: {
          kind: 'service.start',
          state: 'failed',
          problem: { code: 'operation_deadline', params: { seconds: 600 } },
        },
      },
    ]);
    await it.observe('beijing');
    await it.observe('shanghai');
  });

  test('deleting the service supersedes what runs, and a command for it is refused as not_found', async () => {
    const scale = await it.handle('scaleService', { ...service, replicas: 2 });
    await release(service);
    const late = await it.handle('scaleService', { ...service, replicas: 3 });
    const said = await it.said();
    expect(Harness.statesOf(said, scale)).toEqual(['running', 'superseded']);
    expect(said.find(({ key }) => key === late)?.data).toMatchObject({
      state: 'refused',
      problem: { code: 'not_found' },
    });
  });
});

test('40 placements at once from two copies never reserve more than the clusters have', async () => {
  const copy = it.copy();
  const services = Array.from({ length: 40 }, (_, index) => aService(`crowd-${index}`));
  await Promise.all(
    services.map((service, index) =>
      (index % 2 ? it : copy).handle('placeService', {
        ...service,
        specVersion: 1,
        size: core,
        initial: { replicas: 1, policy },
      }),
    ),
  );
  const said = await it.said();
  // 8,000 MiB in each cluster hold 7 containers of 1,024 MiB.
  expect(placedIn(said)).toHaveLength(14);
  expect(said).toHaveLength(40);
  expect(await reserved()).toEqual({ beijing: 7_000, shanghai: 7_000 });
  for (const service of services) await release(service);
});

test('a service in a readmitted cluster is claimed anew under epoch 2, with a higher generation', async () => {
  const service = aService('fenced');
  await place(service, 2);
  await it.said();
  await it.at.database.query(`update cluster set phase = 'quarantined' where name = 'shanghai'`);
  await it.handle('readmitCluster', { name: 'shanghai' });
  const [renewed] = placedIn(await it.said());
  expect(renewed).toMatchObject({
    generation: 2,
    assignments: [
      { cluster: 'beijing', epoch: 1 },
      { cluster: 'shanghai', epoch: 2 },
    ],
  });
});

test('a preview reserves nothing and explains a cluster that is not ready', async () => {
  const preview = await it.reader.preview('shop/prod/new', { size: core, replicas: 3, policy });
  expect(preview).toMatchObject({
    placeable: true,
    request: core,
    clusters: [
      { cluster: 'beijing', replicas: 3, freeCpuMillis: 7_000 },
      { cluster: 'shanghai', replicas: 0, reason: { code: 'not_ready', params: { phase: 'joining' } } },
    ],
  });
  expect(await reserved()).toEqual({ beijing: 1_000, shanghai: 1_000 });
});

test('staging, which may use beijing only, gets nothing elsewhere', async () => {
  const key = 'shop/staging/cart';
  await it.observe('beijing');
  const preview = await it.reader.preview(key, { size: core, replicas: 2, policy });
  expect(preview.clusters).toMatchObject([{ replicas: 2 }, { replicas: 0, reason: { code: 'not_eligible' } }]);
  await it.handle('placeService', {
    key,
    uid: randomUUID(),
    specVersion: 1,
    size: core,
    initial: { replicas: 2, policy },
  });
  expect(splitOf(placedIn(await it.said())[0] as PlacedData)).toEqual({ beijing: 2 });
});
