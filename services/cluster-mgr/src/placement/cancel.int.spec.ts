import type { OperationKind } from '@berth/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testDatabase } from '@berth/testing';
import { randomUUID } from 'node:crypto';
import { migrations } from '../migrations/index.js';
import { Harness, specSize as size, spread, type SaidMessage, type SpecService } from '../spec-harness.js';

let it: Harness;
const running: SpecService[] = [];
beforeAll(async () => {
  it = new Harness(await testDatabase('cluster-mgr', migrations));
  await it.cluster('beijing');
  await it.cluster('shanghai');
}, 60_000);
beforeEach(async () => {
  for (const service of running.splice(0)) await it.handle('releasePlacement', service);
  await it.said();
});
afterAll(() => it.close());

async function placed(code: string): Promise<SpecService> {
  const service = await it.placed(code);
  running.push(service);
  return service;
}
const settle = (service: SpecService, settledGeneration: number) => it.settle(service, settledGeneration);
const cancel = ({ key }: SpecService, operationId: string, kind: OperationKind = 'service.scale') =>
  it.handle('cancelPlacementOperation', { key, operationId, kind, cause: '写错了' });
const splits = (said: readonly SaidMessage[]) =>
  said.filter(({ type }) => type.endsWith('.placed.v1')).map(({ data }) => data);
const refusals = (said: readonly SaidMessage[]) =>
  said.flatMap(({ data }) => (data.cancelRefused ? [data.cancelRefused] : []));
const endsOf = (said: SaidMessage[], id: string) =>
  Harness.statesOf(said, id).filter((state) => state !== undefined && state !== 'running');

describe('a cancelled scale', () => {
  test('from 4 to 6 goes back to 4 under the next generation, and ends once as cancelled when that has settled', async () => {
    const service = await placed('up');
    const scale = await it.handle('scaleService', { ...service, replicas: 6 });
    await it.said();
    await cancel(service, scale);
    await cancel(service, scale);
    const said = await it.said();
    expect(splits(said)).toMatchObject([
      { total: 4, stopped: false, generation: 3, assignments: [{ replicas: 2 }, { replicas: 2 }] },
    ]);
    expect(said.find(({ type }) => type.endsWith('.placed.v1'))?.envelope.operationId).toBe(scale);
    expect(endsOf(said, scale)).toEqual([]);
    await settle(service, 2);
    expect(endsOf(await it.said(), scale)).toEqual([]);
    await settle(service, 3);
    const ended = await it.said();
    expect(endsOf(ended, scale)).toEqual(['cancelled']);
    expect(ended.at(-1)?.data.problem).toMatchObject({
      code: 'cancelled',
      params: { outcome: 'back', ready: 4, desired: 4, cause: '写错了' },
    });
  });

  test('after it succeeded changes nothing and says so', async () => {
    const service = await placed('late');
    const scale = await it.handle('scaleService', { ...service, replicas: 6 });
    await settle(service, 2);
    expect(endsOf(await it.said(), scale)).toEqual(['succeeded']);
    await cancel(service, scale);
    const said = await it.said();
    expect([splits(said), endsOf(said, scale)]).toEqual([[], []]);
    expect(refusals(said)).toMatchObject([{ code: 'operation_ended', params: { state: 'succeeded' } }]);
  });

  test('down to 1 cannot be cancelled when another took the room: it says no_capacity and goes on', async () => {
    const service = await placed('down');
    const scale = await it.handle('scaleService', { ...service, replicas: 1 });
    const greedy = { key: 'shop/prod/greedy', uid: randomUUID(), specVersion: 1 };
    const left = await it.at.database.query<{ cluster: string; memory: number }>(
      'select cluster, sum(memory_mib)::int as memory from reservation group by cluster',
    );
    const free = 16_000 - left.reduce((sum, row) => sum + row.memory, 0);
    await it.handle('placeService', {
      ...greedy,
      size,
      initial: { policy: spread, replicas: Math.floor(free / 1_024) - 1 },
    });
    await it.said();
    await cancel(service, scale);
    const said = await it.said();
    expect(refusals(said)).toMatchObject([{ code: 'no_capacity' }]);
    await settle(service, 2);
    expect(endsOf(await it.said(), scale)).toEqual(['succeeded']);
    await it.handle('releasePlacement', { key: greedy.key, uid: greedy.uid });
  });

  test('that is not back after 600 s ends as cancelled all the same', async () => {
    const service = await placed('slow');
    const scale = await it.handle('scaleService', { ...service, replicas: 5 });
    await cancel(service, scale);
    await it.said();
    it.clock.pass(600);
    await it.sweep.sweep();
    expect(endsOf(await it.said(), scale)).toEqual(['cancelled']);
    await it.observe('beijing');
    await it.observe('shanghai');
  });

  test('gives way to a newer one and stays cancelled', async () => {
    const service = await placed('newer');
    const scale = await it.handle('scaleService', { ...service, replicas: 5 });
    await cancel(service, scale);
    await it.handle('scaleService', { ...service, replicas: 3 });
    expect(endsOf(await it.said(), scale)).toEqual(['cancelled']);
  });
});

test('a cancelled stop starts the 4 again, and a cancelled start stops them', async () => {
  const service = await placed('onoff');
  const stop = await it.handle('stopService', service);
  await cancel(service, stop, 'service.stop');
  expect(splits(await it.said()).at(-1)).toMatchObject({ total: 4, stopped: false });
  await settle(service, 3);
  await it.handle('stopService', service);
  await settle(service, 4);
  const start = await it.handle('startService', service);
  await cancel(service, start, 'service.start');
  expect(splits(await it.said()).at(-1)).toMatchObject({ total: 4, stopped: true });
});
