import type { PlacementPolicy } from '@berth/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ofType, statesOf, type Harness } from './service.harness.js';
import { Scenes } from './service.scenes.js';

let scenes: Scenes;
let it: Harness;
beforeAll(async () => {
  scenes = await Scenes.start();
  it = scenes.it;
});
beforeEach(async () => {
  await it.said();
});
afterAll(() => it.close());

const shanghai: PlacementPolicy = { mode: 'pinned', clusters: ['shanghai'], minPerCluster: 0 };
const split = (beijing: number, there: number) => [
  { cluster: 'beijing', replicas: beijing, epoch: 1, reason: { code: beijing === 0 ? 'leaves' : 'until_moved' } },
  { cluster: 'shanghai', replicas: there, epoch: 1, reason: { code: 'pinned' } },
];

describe('a move by another policy, conducted by cluster-mgr', () => {
  test('of 2 + 2 to 0 + 4 takes part in its operation through both halves, and scales in public once', async () => {
    const service = await scenes.running('moved');
    const operationId = randomUUID();
    const targets = async () => (await it.targetsOf(service.uid)).map(({ replicas, phase }) => `${phase} ${replicas}`);
    await scenes.place(service, 1, 2, { policy: shanghai, assignments: split(2, 4), moving: true }, operationId);
    expect(await targets()).toEqual(['run 2', 'run 4']);
    await scenes.ready(service);
    const first = await it.said();
    expect(ofType(first, 'service.state').at(-1)).toMatchObject({ settledGeneration: 2, ready: 6, release: 1 });
    expect(ofType(first, 'public.service.scaled')).toEqual([]);
    expect(await it.row(service.key)).toMatchObject({
      spec_version: 1,
      last_change: expect.objectContaining({ kind: 'service.split' }),
    });

    await scenes.place(service, 1, 3, { policy: shanghai, assignments: split(0, 4) }, operationId);
    expect(await targets()).toEqual(['remove 0', 'run 4']);
    await it.observe(service.uid, 'shanghai');
    const second = await it.said();
    expect(ofType(second, 'service.state').at(-1)).toMatchObject({ settledGeneration: 3, desired: 4, ready: 4 });
    expect(ofType(second, 'public.service.scaled')).toEqual([expect.objectContaining({ replicas: 4 })]);
    const steps = [...first, ...second];
    expect(statesOf(steps, operationId)).toEqual([]);
    expect(ofType(steps, 'operation.changed').every((one) => one.operationId === operationId)).toBe(true);
    expect(ofType(second, 'operation.changed').flatMap(({ steps: said }) => said)).toContainEqual(
      expect.objectContaining({ name: 'remove', cluster: 'beijing' }),
    );
    const running = await it.database.query(
      'select id from service_operation where service_uid = $1 and ended_at is null',
      [service.uid],
    );
    expect(running).toEqual([]);
  });

  test('whose second half comes after its operation has ended is nobody’s change', async () => {
    const service = await scenes.running('late');
    await scenes.place(service, 1, 2, { policy: shanghai, assignments: split(2, 4), moving: true });
    await it.database.query(`update service set last_change = jsonb_set(last_change, '{kind}', '"x"') where uid = $1`, [
      service.uid,
    ]);
    await scenes.place(service, 1, 3, { policy: shanghai, assignments: split(0, 4) });
    expect(await it.row(service.key)).toMatchObject({ last_change: expect.objectContaining({ kind: 'x' }) });
  });
});
