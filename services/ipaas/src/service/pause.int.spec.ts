import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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

const codeOf = (said: Awaited<ReturnType<Harness['said']>>, operationId: string) =>
  said.flatMap(({ key, data }) => (key === operationId && data?.problem ? [data.problem] : []))[0];

describe('a paused service', () => {
  test('is said to be paused, with who and why, and its clusters read it with their targets', async () => {
    const service = await scenes.running('held');
    const operationId = await it.handle('pauseService', { ...service, cause: '手工排查' });
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['running', 'succeeded']);
    expect(ofType(said, 'service.state').at(-1)).toMatchObject({ paused: true, state: 'running' });
    const params = { project: 'shop', environment: 'prod' as const, service: 'held' };
    expect(await it.reads.detail({ params, query: {}, body: {} })).toMatchObject({
      paused: true,
      pause: { actor: { name: '李雷' }, cause: '手工排查', operationId },
      lastChange: { kind: 'service.pause' },
    });
    expect((await it.targets.forCluster(it.database, 'beijing')).map(({ paused }) => paused)).toEqual([true]);
  });

  test('takes no upgrade, rollback, restart or second pause, and stays as it was', async () => {
    const service = await scenes.running('still');
    await it.handle('pauseService', service);
    const upgrade = await scenes.upgrade(service, 1);
    const rollback = await it.handle('rollbackService', { ...service, ifVersion: 1, toRelease: 1 });
    const restart = await it.handle('restartService', service);
    const again = await it.handle('pauseService', service);
    const said = await it.said();
    for (const id of [upgrade, rollback, restart, again])
      expect([statesOf(said, id), codeOf(said, id)]).toEqual([
        ['refused'],
        expect.objectContaining({ code: 'service_paused' }),
      ]);
    expect(await it.row(service.key)).toMatchObject({ spec_version: 1, candidate_release: null });
  });

  test('is resumed once, and may then be changed again', async () => {
    const service = await scenes.running('freed');
    await it.handle('pauseService', service);
    const resumed = await it.handle('resumeService', service);
    const twice = await it.handle('resumeService', service);
    const restart = await it.handle('restartService', service);
    const said = await it.said();
    expect(statesOf(said, resumed)).toEqual(['running', 'succeeded']);
    expect(codeOf(said, twice)).toMatchObject({ code: 'nothing_to_do' });
    expect(statesOf(said, restart)).toEqual(['running']);
    expect(ofType(said, 'service.state').at(-1)).not.toHaveProperty('paused');
  });

  test('can be deleted', async () => {
    const service = await scenes.running('gone');
    await it.handle('pauseService', service);
    const operationId = await it.handle('deleteService', service);
    expect(new Set(statesOf(await it.said(), operationId))).toEqual(new Set(['running']));
    expect((await it.targetsOf(service.uid)).map(({ phase }) => phase)).toEqual(['remove', 'remove']);
  });
});

test('a service is not paused in the middle of a change', async () => {
  const service = await scenes.running('busy');
  await scenes.upgrade(service, 1);
  const operationId = await it.handle('pauseService', service);
  expect(codeOf(await it.said(), operationId)).toMatchObject({ code: 'operation_running' });
  expect(await it.row(service.key)).toMatchObject({ pause: null });
});
