import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aService, type Harness, ofType, statesOf } from './service.harness.js';
import { Scenes, type SpecService } from './service.scenes.js';

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

const half = { replicas: 3, updated: 1, ready: 2, rolledOut: false };
const cancel = (
  { key }: SpecService,
  operationId: string,
  kind: 'service.deploy' | 'service.upgrade' | 'service.restart' | 'service.delete' = 'service.upgrade',
) => it.handle('cancelServiceOperation', { key, operationId, kind, cause: '写错了' });
const refusals = (said: Awaited<ReturnType<Harness['said']>>) =>
  ofType(said, 'operation.changed').flatMap(({ cancelRefused }) => (cancelRefused ? [cancelRefused] : []));

/** An upgrade to #2 whose first new containers are not ready. */
async function rollingOut(code: string): Promise<{ service: SpecService; upgrade: string }> {
  const service = await scenes.running(code);
  const upgrade = await scenes.upgrade(service, 1);
  await scenes.place(service, 2, 2, {}, upgrade);
  await it.observe(service.uid, 'beijing', half);
  await it.observe(service.uid, 'shanghai', half);
  await it.said();
  return { service, upgrade };
}

describe('a cancelled upgrade', () => {
  test('goes back to #1 in both clusters, ends once as cancelled when they run it, and #2 stays as unfinished', async () => {
    const { service, upgrade } = await rollingOut('back');
    await cancel(service, upgrade);
    expect((await it.targetsOf(service.uid)).map(({ release, halted }) => [release, halted])).toEqual([
      [1, false],
      [1, false],
    ]);
    const asked = await it.said();
    expect(statesOf(asked, upgrade).filter((state) => state !== 'running')).toEqual([]);
    expect(ofType(asked, 'placement.release')).toEqual([{ ...service, specVersion: 2 }]);
    expect(await it.row(service.key)).toMatchObject({ state: 'changing', target_release: 1 });
    await scenes.ready(service);
    await it.loop.round();
    const said = await it.said();
    expect(statesOf(said, upgrade).filter((state) => state !== 'running')).toEqual(['cancelled']);
    expect(ofType(said, 'operation.changed').at(-1)?.problem).toMatchObject({
      code: 'cancelled',
      params: { outcome: 'back', liveRelease: 1, ready: 4, desired: 4, cause: '写错了' },
    });
    expect(await scenes.results(service)).toEqual([
      [1, 'available'],
      [2, 'unfinished'],
    ]);
    expect(await it.row(service.key)).toMatchObject({ state: 'running', live_release: 1, target_release: 1 });
  });

  test('that waits for its place is dropped at once: #1 was never touched, and the place is given back', async () => {
    const service = await scenes.running('placing');
    const upgrade = await scenes.upgrade(service, 1);
    await it.said();
    await cancel(service, upgrade);
    const said = await it.said();
    expect(statesOf(said, upgrade)).toEqual(['cancelled']);
    expect(ofType(said, 'placement.release')).toEqual([{ ...service, specVersion: 2 }]);
    expect(await scenes.results(service)).toEqual([[1, 'available']]);
    await scenes.place(service, 2, 2, {}, upgrade);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([1, 1]);
  });

  test('twice is cancelled once, and 2 cancels at the same time are one', async () => {
    const { service, upgrade } = await rollingOut('twice');
    await Promise.all([cancel(service, upgrade), cancel(service, upgrade)]);
    await cancel(service, upgrade);
    await scenes.ready(service);
    const said = await it.said();
    expect(statesOf(said, upgrade).filter((state) => state !== 'running')).toEqual(['cancelled']);
    expect(ofType(said, 'placement.release')).toHaveLength(1);
    await cancel(service, upgrade);
    expect(refusals(await it.said())).toMatchObject([{ code: 'operation_ended', params: { state: 'cancelled' } }]);
  });

  test('after it succeeded changes nothing and says so', async () => {
    const { service, upgrade } = await rollingOut('late');
    await scenes.ready(service);
    expect(statesOf(await it.said(), upgrade).at(-1)).toBe('succeeded');
    await cancel(service, upgrade);
    const said = await it.said();
    expect(statesOf(said, upgrade)).toEqual([]);
    expect(refusals(said)).toMatchObject([{ code: 'operation_ended', params: { state: 'succeeded' } }]);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([2, 2]);
  });

  test('against the observation that ends it: whichever comes first is the one end', async () => {
    const { service, upgrade } = await rollingOut('race');
    await it.show(service.uid, 'beijing');
    await it.show(service.uid, 'shanghai');
    await Promise.all([cancel(service, upgrade), it.loop.round()]);
    await scenes.ready(service);
    const said = await it.said();
    const ends = statesOf(said, upgrade).filter((state) => state !== 'running');
    expect(ends).toHaveLength(1);
    expect(await it.row(service.key)).toMatchObject({ live_release: ends[0] === 'cancelled' ? 1 : 2 });
  });

  test('gives way to a newer upgrade and stays cancelled', async () => {
    const { service, upgrade } = await rollingOut('newer');
    await cancel(service, upgrade);
    const newer = await scenes.upgrade(service, 2, '1.2');
    await scenes.place(service, 3, 3, {}, newer);
    await scenes.ready(service);
    const said = await it.said();
    expect(statesOf(said, upgrade).filter((state) => state !== 'running')).toEqual(['cancelled']);
    expect(statesOf(said, newer).at(-1)).toBe('succeeded');
  });
});

describe('a cancelled first deploy', () => {
  test('leaves nothing in the clusters, keeps the secrets that were entered for it, and the name is free', async () => {
    const service = aService('first');
    await it.secrets.put(service.key, 'DB_URL', 'x', '李雷');
    const deploy = await scenes.deploy(service);
    await scenes.place(service, 1, 1, {}, deploy);
    await it.observe(service.uid, 'beijing', { ready: 0, rolledOut: false });
    await it.said();
    await cancel(service, deploy, 'service.deploy');
    expect((await it.targetsOf(service.uid)).map(({ phase }) => phase)).toEqual(['remove', 'remove']);
    const asked = await it.said();
    expect(ofType(asked, 'placement.release')).toEqual([service]);
    for (const cluster of ['beijing', 'shanghai'])
      await it.database.transaction((tx) => it.targets.removed(tx, service.uid, cluster));
    await it.loop.round();
    expect(statesOf(await it.said(), deploy).filter((state) => state !== 'running')).toEqual(['cancelled']);
    expect(await it.row(service.key)).toBeUndefined();
    const [row] = await it.database.query('select count(*)::int as secrets from service_secret where key = $1', [
      service.key,
    ]);
    expect(row?.secrets).toBe(1);
  });

  test('that waits for its place is gone at once', async () => {
    const service = aService('unplaced');
    const deploy = await scenes.deploy(service);
    await it.said();
    await cancel(service, deploy, 'service.deploy');
    const said = await it.said();
    expect(statesOf(said, deploy)).toEqual(['cancelled']);
    expect(ofType(said, 'placement.release')).toEqual([service]);
    expect(await it.row(service.key)).toBeUndefined();
  });
});

describe('a cancelled restart', () => {
  test('puts back the token that was there, and ends when the clusters carry it', async () => {
    const service = await scenes.running('restarted');
    const first = await it.handle('restartService', service);
    await scenes.ready(service);
    const second = await it.handle('restartService', service);
    await it.said();
    await cancel(service, second, 'service.restart');
    expect((await it.targetsOf(service.uid)).map(({ restartToken }) => restartToken)).toEqual([first, first]);
    await scenes.ready(service);
    expect(statesOf(await it.said(), second).filter((state) => state !== 'running')).toEqual(['cancelled']);
  });

  test('that waits behind an upgrade says for what it waits, ends at once, and the upgrade goes on', async () => {
    const { service, upgrade } = await rollingOut('waits');
    const restart = await it.handle('restartService', service);
    const [waiting] = ofType(await it.said(), 'operation.changed');
    expect(waiting?.steps).toMatchObject([
      { name: 'check', state: 'waiting', fact: { code: 'waits_for', params: { operationId: upgrade } } },
    ]);
    await cancel(service, restart, 'service.restart');
    expect(statesOf(await it.said(), restart)).toEqual(['cancelled']);
    await scenes.ready(service);
    expect(statesOf(await it.said(), upgrade).at(-1)).toBe('succeeded');
  });
});

test('a delete cannot be cancelled and goes on', async () => {
  const service = await scenes.running('deleted');
  const remove = await it.handle('deleteService', service);
  await it.said();
  await cancel(service, remove, 'service.delete');
  const said = await it.said();
  expect(refusals(said)).toMatchObject([{ code: 'not_cancellable' }]);
  expect(await it.row(service.key)).toMatchObject({ deleting: true });
});
