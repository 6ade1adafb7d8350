import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@berth/testing';
import { aService, anImage, aSpec, type Harness, ofType, statesOf } from './service.harness.js';
import { assigned, Scenes } from './service.scenes.js';

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

describe('a restart', () => {
  test('replaces every container: its token goes to the targets and it ends when the clusters carry it', async () => {
    const service = await scenes.running('again');
    const operationId = await it.handle('restartService', service);
    expect((await it.targetsOf(service.uid)).map(({ restartToken }) => restartToken)).toEqual([
      operationId,
      operationId,
    ]);
    expect(statesOf(await it.said(), operationId)).toEqual(['running']);
    await scenes.ready(service);
    expect(statesOf(await it.said(), operationId).at(-1)).toBe('succeeded');
  });

  test('waits for the upgrade that runs and then has its turn', async () => {
    const service = await scenes.running('queue');
    const first = await scenes.upgrade(service, 1);
    const restart = await it.handle('restartService', service);
    expect(statesOf(await it.said(), restart)).toEqual([]);
    await scenes.place(service, 2, 2, {}, first);
    await scenes.ready(service);
    const said = await it.said();
    expect(statesOf(said, first).at(-1)).toBe('succeeded');
    expect(statesOf(said, restart)).toEqual(['running']);
    await scenes.ready(service);
    expect(statesOf(await it.said(), restart).at(-1)).toBe('succeeded');
  });
});

describe('a scale, conducted by cluster-mgr', () => {
  test('changes the targets, adds steps to its operation, and settles its generation', async () => {
    const service = await scenes.running('scaled');
    const assignments = assigned(3);
    const operationId = '00000000-0000-4000-8000-0000000000aa';
    await scenes.place(service, 1, 2, { total: 6, assignments }, operationId);
    expect((await it.targetsOf(service.uid)).map(({ replicas }) => replicas)).toEqual([3, 3]);
    await scenes.ready(service);
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual([]);
    expect(ofType(said, 'operation.changed').every(({ kind }) => kind === 'service.scale')).toBe(true);
    expect(ofType(said, 'service.state').at(-1)).toMatchObject({
      state: 'running',
      settledGeneration: 2,
      desired: 6,
      release: 1,
    });
    expect(ofType(said, 'public.service.scaled')).toEqual([expect.objectContaining({ replicas: 6 })]);
    expect(await it.row(service.key)).toMatchObject({
      spec_version: 1,
      last_change: expect.objectContaining({ kind: 'service.scale' }),
    });
  });

  test('of an older generation is not applied', async () => {
    const service = await scenes.running('old');
    await scenes.place(service, 1, 1, { total: 9, assignments: [] });
    expect((await it.targetsOf(service.uid)).map(({ phase }) => phase)).toEqual(['run', 'run']);
  });

  test('of a release that cluster-mgr takes for another is applied: the generation counts, not the spec', async () => {
    const service = await scenes.running('behind');
    await scenes.upgrade(service, 1);
    await scenes.place(service, 2, 2);
    await scenes.ready(service);
    await it.said();
    const operationId = await scenes.place(service, 1, 3, { total: 6, assignments: assigned(3) });
    await scenes.ready(service);
    const said = await it.said();
    expect(ofType(said, 'service.state').at(-1)).toMatchObject({
      settledGeneration: 3,
      desired: 6,
      ready: 6,
      release: 2,
    });
    expect(ofType(said, 'operation.changed').every((step) => step.operationId === operationId)).toBe(true);
  });

  test('is not what a late answer for a candidate that came to nothing means', async () => {
    const service = await scenes.running('dropped');
    const operationId = await scenes.upgrade(service, 1);
    it.clock.pass(600);
    await it.loop.round();
    expect(statesOf(await it.said(), operationId)).toEqual(['running', 'failed']);
    await scenes.place(service, 2, 2, {}, operationId);
    await scenes.ready(service);
    const said = await it.said();
    expect(ofType(said, 'service.state').at(-1)).toMatchObject({ settledGeneration: 2, desired: 4, release: 1 });
    expect(ofType(said, 'operation.changed')).toEqual([]);
    expect(ofType(said, 'public.service.scaled')).toEqual([]);
    expect(await it.row(service.key)).toMatchObject({
      last_change: expect.objectContaining({ kind: 'service.deploy' }),
    });
  });

  test('to a stop reads stopped when nothing is left, and a restart then has nothing to do', async () => {
    const service = await scenes.running('stop');
    const assignments = assigned(0, 'stopped');
    await scenes.place(service, 1, 2, { stopped: true, assignments });
    await it.observe(service.uid, 'beijing');
    expect(await it.row(service.key)).toMatchObject({ state: 'changing' });
    await it.observe(service.uid, 'shanghai');
    expect(await it.row(service.key)).toMatchObject({ state: 'stopped', settled_generation: 2 });
    const restart = await it.handle('restartService', service);
    expect(statesOf(await it.said(), restart)).toEqual(['refused']);
  });
});

describe('an upgrade of a stopped service', () => {
  test('succeeds with 0 replicas in the clusters that it had, though the placement names none', async () => {
    const service = await scenes.running('asleep');
    await scenes.place(service, 1, 2, { stopped: true, assignments: assigned(0, 'stopped') });
    await scenes.ready(service);
    const operationId = await scenes.upgrade(service, 1);
    await scenes.place(service, 2, 3, { stopped: true, assignments: [] }, operationId);
    expect((await it.targetsOf(service.uid)).map(({ release, replicas, phase }) => [release, replicas, phase])).toEqual(
      [
        [2, 0, 'run'],
        [2, 0, 'run'],
      ],
    );
    await scenes.ready(service);
    expect(statesOf(await it.said(), operationId).at(-1)).toBe('succeeded');
    expect(await it.row(service.key)).toMatchObject({ state: 'stopped', live_release: 2, settled_generation: 3 });
  });
});

describe('a delete', () => {
  test('supersedes what runs, empties the clusters, waits for a silent one, and leaves nothing', async () => {
    const service = await scenes.running('gone');
    await it.secrets.put(service.key, 'TOKEN', 'hunter2', 'u-1');
    const change = await scenes.upgrade(service, 1);
    const restart = await it.handle('restartService', service);
    const operationId = await it.handle('deleteService', service);
    const said = await it.said();
    expect([statesOf(said, change).at(-1), statesOf(said, restart).at(-1)]).toEqual(['superseded', 'superseded']);
    expect(ofType(said, 'placement.release')).toEqual([service]);
    expect((await it.targetsOf(service.uid)).map(({ phase }) => phase)).toEqual(['remove', 'remove']);
    const second = await it.handle('deleteService', service);
    expect(statesOf(await it.said(), second)).toEqual(['refused']);

    await it.observe(service.uid, 'shanghai', { fresh: false });
    await it.database.transaction((tx) => it.targets.removed(tx, service.uid, 'beijing'));
    await it.observe(service.uid, 'shanghai', { fresh: false });
    const waits = await it.said();
    expect(ofType(waits, 'operation.changed').flatMap(({ steps }) => steps)).toContainEqual(
      expect.objectContaining({ name: 'remove', cluster: 'shanghai', state: 'waiting' }),
    );
    expect(await it.row(service.key)).toMatchObject({ state: 'deleting', reason: 'cluster_silent' });

    await it.database.transaction((tx) => it.targets.removed(tx, service.uid, 'shanghai'));
    await it.loop.round();
    const end = await it.said();
    expect(statesOf(end, operationId)).toEqual(['succeeded']);
    expect(end.some(({ type, data }) => type.includes('service.state') && data === null)).toBe(true);
    expect(ofType(end, 'public.service.deleted')).toHaveLength(1);
    expect(await it.row(service.key)).toBeUndefined();
    expect(await it.secrets.list(service.key)).toEqual([]);
    for (const table of ['service_release', 'service_target', 'service_observed'])
      expect(await it.database.query(`select 1 from ${table} where service_uid = $1`, [service.uid])).toEqual([]);
  });
});

describe('the exactly-one end', () => {
  test('a command that is handled twice has one operation and one service', async () => {
    const service = aService('double');
    const operationId = await scenes.deploy(service);
    await it.handle('upgradeService', { ...service, ifVersion: 1, spec: aSpec(), image: anImage('1.1') }, operationId);
    expect(statesOf(await it.said(), operationId)).toEqual(['running']);
    expect(await scenes.results(service)).toEqual([[1, 'pending']]);
  });

  test('two copies that settle at once end an operation once', async () => {
    const service = aService('race');
    const operationId = await scenes.deploy(service);
    await scenes.place(service, 1, 1, {}, operationId);
    await it.said();
    it.clock.pass(300);
    await Promise.all([it.loop.round(), it.loop.round(), it.loop.round()]);
    expect(statesOf(await it.said(), operationId)).toEqual(['failed']);
  });
});

describe('the settle loop', () => {
  test('hears what clusters show and looks at once', async () => {
    const service = aService('heard');
    const operationId = await scenes.deploy(service);
    await scenes.place(service, 1, 1, {}, operationId);
    await it.loop.onApplicationBootstrap();
    try {
      await it.show(service.uid, 'beijing');
      await it.show(service.uid, 'shanghai');
      await it.database.query(`select pg_notify('ipaas_observed', $1)`, [service.uid]);
      await eventually(async () => expect(await it.row(service.key)).toMatchObject({ state: 'running' }));
    } finally {
      await it.loop.onModuleDestroy();
    }
    expect(statesOf(await it.said(), operationId).at(-1)).toBe('succeeded');
  });
});
