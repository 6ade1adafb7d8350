import { type PlacedData, type PlacementPolicy } from '@berth/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testDatabase } from '@berth/testing';
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

const shanghai: PlacementPolicy = { mode: 'pinned', clusters: ['shanghai'], minPerCluster: 0 };

async function placed(code: string): Promise<SpecService> {
  const service = await it.placed(code);
  running.push(service);
  return service;
}
const settle = (service: SpecService, settledGeneration: number) => it.settle(service, settledGeneration);
const splitBy = (service: SpecService, policy: PlacementPolicy) => it.handle('splitService', { ...service, policy });
const cancel = ({ key }: SpecService, operationId: string) =>
  it.handle('cancelPlacementOperation', { key, operationId, kind: 'service.split' });
/** `2 + 4 moving`: replicas in beijing and shanghai, of every placement that was said. */
const splits = (said: readonly SaidMessage[]) =>
  said
    .filter(({ type }) => type.endsWith('.placed.v1'))
    .map(({ data }) => data as unknown as PlacedData)
    .map(
      ({ assignments, moving }) => `${assignments.map((row) => row.replicas).join(' + ')}${moving ? ' moving' : ''}`,
    );
async function podsReserved(): Promise<Record<string, number>> {
  const rows = await it.at.database.query<{ cluster: string; pods: number }>(
    'select cluster, sum(pods)::int as pods from reservation group by cluster order by cluster',
  );
  return Object.fromEntries(rows.map(({ cluster, pods }) => [cluster, pods]));
}

describe('splitting 2 + 2 by another policy', () => {
  test('to shanghai alone runs 2 + 4 until that has settled, then 0 + 4, and has succeeded when that has settled too', async () => {
    const service = await placed('move');
    const split = await splitBy(service, shanghai);
    const first = await it.said();
    expect(splits(first)).toEqual(['2 + 4 moving']);
    expect(first.find(({ key }) => key === split)?.data).toMatchObject({
      kind: 'service.split',
      state: 'running',
      steps: [
        { name: 'check' },
        { name: 'split_replicas', detail: 'beijing 0, shanghai 4', split: [{ reason: { code: 'leaves' } }, {}] },
      ],
      effect: { from: { policy: spread }, to: { policy: shanghai } },
    });
    expect(await podsReserved()).toEqual({ beijing: 2, shanghai: 4 });
    await settle(service, 2);
    const second = await it.said();
    expect([splits(second), Harness.statesOf(second, split)]).toEqual([['0 + 4'], []]);
    expect(second.find(({ type }) => type.endsWith('.placed.v1'))?.envelope.operationId).toBe(split);
    expect(await podsReserved()).toEqual({ shanghai: 4 });
    await settle(service, 2);
    expect(await it.said()).toEqual([]);
    await settle(service, 3);
    expect(Harness.statesOf(await it.said(), split)).toEqual(['succeeded']);
  });

  test('by the one that it has is refused as nothing to do, before and after acceptance', async () => {
    const service = await placed('same');
    const split = await splitBy(service, { ...spread });
    const said = await it.said();
    expect(said.find(({ key }) => key === split)?.data).toMatchObject({
      state: 'refused',
      problem: { code: 'nothing_to_do', params: { why: 'same_policy' } },
    });
    await expect(it.reader.check(service.key, { kind: 'service.split', policy: spread })).rejects.toMatchObject({
      status: 409,
    });
  });

  test('from shanghai alone to all of them is 2 + 2 again, as its preview said', async () => {
    const service = await placed('back');
    await splitBy(service, shanghai);
    await settle(service, 2);
    await settle(service, 3);
    await it.said();
    const preview = await it.reader.preview(service.key, { size, replicas: 4, policy: spread });
    expect(preview.clusters.map(({ replicas }) => replicas)).toEqual([2, 2]);
    await splitBy(service, spread);
    await settle(service, 4);
    expect(splits(await it.said())).toEqual(['2 + 4 moving', '2 + 2']);
  });

  test('with at least 3 in each cluster is refused with a reason for each: 4 are too few', async () => {
    const service = await placed('few');
    const split = await splitBy(service, { ...spread, minPerCluster: 3 });
    const said = await it.said();
    expect(splits(said)).toEqual([]);
    expect(said.find(({ key }) => key === split)?.data).toMatchObject({
      state: 'refused',
      problem: { code: 'no_capacity', errors: [{ path: 'beijing' }, { path: 'shanghai' }] },
    });
  });

  test('while it is stopped moves nothing: the next start goes by it', async () => {
    const service = await placed('stopped');
    await it.handle('stopService', service);
    await settle(service, 2);
    const split = await splitBy(service, shanghai);
    await settle(service, 3);
    const said = await it.said();
    expect(Harness.statesOf(said, split)).toEqual(['running', 'succeeded']);
    await it.handle('startService', service);
    expect(splits(await it.said()).at(-1)).toMatch(/^(0 \+ )?4$/);
  });

  test('cancelled at its first half is 2 + 2 at once; after it, what moved moves back as it came', async () => {
    const early = await placed('early');
    const first = await splitBy(early, shanghai);
    await cancel(early, first);
    expect(splits(await it.said())).toEqual(['2 + 4 moving', '2 + 2']);
    await settle(early, 3);
    expect(Harness.statesOf(await it.said(), first)).toEqual(['cancelled']);
    await expect(it.reader.check(early.key, { kind: 'service.split', policy: spread })).rejects.toBeDefined();

    const late = await placed('late');
    const second = await splitBy(late, shanghai);
    await settle(late, 2);
    await it.said();
    await cancel(late, second);
    expect(splits(await it.said())).toEqual(['2 + 4 moving']);
    await settle(late, 4);
    expect(splits(await it.said())).toEqual(['2 + 2']);
    await settle(late, 5);
    expect(Harness.statesOf(await it.said(), second)).toEqual(['cancelled']);
  });

  test('goes on after its 600 s have passed, as nobody’s operation', async () => {
    const service = await placed('slow');
    const split = await splitBy(service, shanghai);
    it.clock.pass(600);
    await it.sweep.sweep();
    expect(Harness.statesOf(await it.said(), split)).toEqual(['running', 'failed']);
    await settle(service, 2);
    const said = await it.said();
    expect(splits(said)).toEqual(['0 + 4']);
    expect(said[0]?.envelope.operationId).not.toBe(split);
    await it.observe('beijing');
    await it.observe('shanghai');
  });
});
