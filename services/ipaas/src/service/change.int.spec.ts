import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aService, anImage, aSpec, type Harness, ofType, policy, statesOf } from './service.harness.js';
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

describe('a first deploy', () => {
  test('asks for a place, rolls out over two clusters and ends once, succeeded', async () => {
    const service = aService('cart');
    const operationId = await scenes.deploy(service);
    const asked = await it.said();
    expect(statesOf(asked, operationId)).toEqual(['running']);
    expect(ofType(asked, 'placement.place')).toEqual([
      expect.objectContaining({ ...service, specVersion: 1, initial: { replicas: 4, policy } }),
    ]);
    expect(ofType(asked, 'service.state')).toEqual([
      expect.objectContaining({ state: 'deploying', release: 1, desired: 0 }),
    ]);
    expect(asked.find(({ type }) => type.includes('placement.place'))?.envelope).toMatchObject({
      operationId,
      uid: service.uid,
    });

    await scenes.place(service, 1, 1, {}, operationId);
    expect(
      (await it.targetsOf(service.uid)).map((row) => [row.cluster, row.release, row.replicas, row.generation]),
    ).toEqual([
      ['beijing', 1, 2, 1],
      ['shanghai', 1, 2, 1],
    ]);
    await it.observe(service.uid, 'beijing');
    await it.observe(service.uid, 'shanghai', { ready: 0, rolledOut: false, causeCode: 'image_pull' });
    const rolling = await it.said();
    expect(statesOf(rolling, operationId).every((state) => state === 'running')).toBe(true);
    expect(ofType(rolling, 'service.state').at(-1)).toMatchObject({
      state: 'deploying',
      reason: 'image_pull',
      desired: 4,
      ready: 2,
    });

    await it.observe(service.uid, 'shanghai');
    const ended = await it.said();
    expect(statesOf(ended, operationId)).toEqual(['succeeded']);
    expect(ofType(ended, 'service.state')).toEqual([
      expect.objectContaining({
        state: 'running',
        ready: 4,
        settledGeneration: 1,
        appliedGeneration: 1,
        image: 'shop/cart:1.0',
      }),
    ]);
    expect(ofType(ended, 'public.service.released')).toEqual([
      expect.objectContaining({ release: 1, kind: 'deploy', by: '李雷' }),
    ]);
    expect(await scenes.results(service)).toEqual([[1, 'available']]);

    await it.loop.round();
    await it.observe(service.uid, 'shanghai');
    expect(await it.said()).toEqual([]);
  });

  test('without room is refused with a reason for every cluster; nothing is left and the key is free', async () => {
    const service = aService('big');
    const operationId = await scenes.deploy(service);
    const reasons = [{ cluster: 'beijing', code: 'too_little_cpu', params: { asked: 500, free: 100, fits: 3 } }];
    await it.handle('unplaceable', { ...service, specVersion: 1, reasons }, operationId);
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['running', 'refused']);
    const problem = ofType(said, 'operation.changed').at(-1)?.problem;
    expect(problem).toMatchObject({
      code: 'no_capacity',
      errors: [{ path: 'beijing', message: 'beijing: one more asks 500m CPU, 100m are free beside the 3 that fit' }],
    });
    expect(said.at(-1)).toMatchObject({ key: service.key, data: null });
    expect(await it.row(service.key)).toBeUndefined();
  });

  test('of a taken name is refused and leaves the service alone', async () => {
    const service = await scenes.running('taken');
    const operationId = await scenes.deploy({ ...aService('taken') });
    expect(statesOf(await it.said(), operationId)).toEqual(['refused']);
    expect(await it.row(service.key)).toMatchObject({ uid: service.uid, state: 'running' });
  });

  test('in a project that the CMDB does not name is refused: unknown_project', async () => {
    const operationId = await scenes.deploy({ ...aService('x'), key: 'other/prod/x' });
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['refused']);
    expect(ofType(said, 'operation.changed')[0]?.problem).toMatchObject({ code: 'unknown_project' });
  });

  test('whose command is 420 s old when it comes is not carried out', async () => {
    const service = aService('late');
    const accepted = it.clock.now();
    it.clock.pass(420);
    const data = { ...service, name: 'x', spec: aSpec(), image: anImage('1.0'), replicas: 1, policy };
    const operationId = await it.handle('deployService', data, undefined, accepted);
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['failed']);
    expect(ofType(said, 'placement')).toEqual([]);
    expect(await it.row(service.key)).toBeUndefined();
  });

  test('that gets no answer for 420 s fails; what may have been reserved is given back and nothing is left', async () => {
    const service = aService('unanswered');
    const operationId = await scenes.deploy(service);
    expect(statesOf(await it.said(), operationId)).toEqual(['running']);
    it.clock.pass(420);
    await it.loop.round();
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['failed']);
    expect(ofType(said, 'placement.release')).toEqual([service]);
    expect(await it.row(service.key)).toBeUndefined();
  });

  test('that is not ready after 300 s fails with the cause, halts, and stays to be looked at', async () => {
    const service = aService('ill');
    const operationId = await scenes.deploy(service);
    await scenes.place(service, 1, 1, {}, operationId);
    await it.observe(service.uid, 'beijing');
    await it.observe(service.uid, 'shanghai', {
      ready: 0,
      rolledOut: false,
      causeCode: 'crash_loop',
      causeDetail: 'exit 78',
    });
    await it.said();
    it.clock.pass(300);
    await it.loop.round();
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['failed']);
    expect(ofType(said, 'operation.changed')[0]?.problem).toMatchObject({
      code: 'rollout_deadline',
      detail: 'After 300 seconds 2 of 4 containers of release #1 are ready. In shanghai: crash_loop: exit 78.',
    });
    expect(await it.row(service.key)).toMatchObject({ state: 'deploy_failed', live_release: null });
    expect((await it.targetsOf(service.uid)).map(({ halted }) => halted)).toEqual([true, true]);
    expect(ofType(said, 'placement.release')).toEqual([]);
  });
});

describe('an upgrade', () => {
  test('rolls out as release #2, and the old one serves until it has its place', async () => {
    const service = await scenes.running('up');
    const operationId = await scenes.upgrade(service, 1);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([1, 1]);
    expect(ofType(await it.said(), 'placement.place')).toEqual([
      { ...service, specVersion: 2, size: { cpuMillis: 500, memoryMiB: 256 } },
    ]);
    await scenes.place(service, 2, 2, {}, operationId);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([2, 2]);
    await scenes.ready(service);
    const said = await it.said();
    expect(statesOf(said, operationId).at(-1)).toBe('succeeded');
    expect(ofType(said, 'service.state').at(-1)).toMatchObject({
      state: 'running',
      release: 2,
      specVersion: 2,
      settledGeneration: 2,
    });
    expect(await scenes.results(service)).toEqual([
      [1, 'available'],
      [2, 'available'],
    ]);
  });

  test('on version 1 of a service at version 2 is refused: stale_version', async () => {
    const service = await scenes.running('stale');
    await scenes.upgrade(service, 1);
    const operationId = await scenes.upgrade(service, 1, '1.2');
    expect(statesOf(await it.said(), operationId)).toEqual(['refused']);
  });

  test('without room is refused; the candidate is dropped and #1 goes on', async () => {
    const service = await scenes.running('noroom');
    const operationId = await scenes.upgrade(service, 1);
    await it.handle('unplaceable', { ...service, specVersion: 2, reasons: [] }, operationId);
    expect(statesOf(await it.said(), operationId)).toEqual(['running', 'refused']);
    expect(await it.row(service.key)).toMatchObject({
      state: 'running',
      candidate_release: null,
      live_release: 1,
      spec_version: 2,
    });
    expect(await scenes.results(service)).toEqual([[1, 'available']]);
  });

  test('that comes while another waits for its place supersedes it; the late answer to that one is not applied', async () => {
    const service = await scenes.running('twice');
    const first = await scenes.upgrade(service, 1, '1.1');
    const second = await scenes.upgrade(service, 2, '1.2');
    const said = await it.said();
    expect(statesOf(said, first)).toEqual(['running', 'superseded']);
    await scenes.place(service, 2, 2, {}, first);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([1, 1]);
    await scenes.place(service, 3, 3, {}, second);
    await scenes.ready(service);
    expect(statesOf(await it.said(), second).at(-1)).toBe('succeeded');
    expect(ofType(said, 'x')).toEqual([]);
  });

  test('that comes while another rolls out supersedes it when it has its place; the release before is unfinished', async () => {
    const service = await scenes.running('over');
    const first = await scenes.upgrade(service, 1, '1.1');
    await scenes.place(service, 2, 2, {}, first);
    const second = await scenes.upgrade(service, 2, '1.2');
    expect(statesOf(await it.said(), first)).not.toContain('superseded');
    await scenes.place(service, 3, 3, {}, second);
    expect(statesOf(await it.said(), first)).toEqual(['superseded']);
    await scenes.ready(service);
    expect(await scenes.results(service)).toEqual([
      [1, 'available'],
      [2, 'unfinished'],
      [3, 'available'],
    ]);
  });

  test('that fails leaves #1 live, gives its reservation back, and a rollback to #1 heals it', async () => {
    const service = await scenes.running('bad');
    const operationId = await scenes.upgrade(service, 1);
    await scenes.place(service, 2, 2, {}, operationId);
    await it.observe(service.uid, 'beijing', {
      replicas: 3,
      updated: 1,
      ready: 2,
      rolledOut: false,
      causeCode: 'probe_failing',
    });
    await it.observe(service.uid, 'shanghai', { replicas: 3, updated: 1, ready: 2, rolledOut: false });
    await it.said();
    it.clock.pass(300);
    await it.loop.round();
    const failed = await it.said();
    expect(statesOf(failed, operationId)).toEqual(['failed']);
    expect(ofType(failed, 'placement.release')).toEqual([{ ...service, specVersion: 2 }]);
    expect(ofType(failed, 'service.state').at(-1)).toMatchObject({
      state: 'running',
      reason: 'rollout_halted',
      release: 1,
      lastChange: { kind: 'service.upgrade', operationId, failed: true },
    });
    expect((await it.targetsOf(service.uid)).every(({ halted, release }) => halted && release === 2)).toBe(true);

    const back = await it.handle('rollbackService', { ...service, ifVersion: 2, toRelease: 1 });
    await scenes.place(service, 3, 3, {}, back);
    expect((await it.targetsOf(service.uid)).every(({ halted, release }) => !halted && release === 3)).toBe(true);
    await scenes.ready(service);
    expect(statesOf(await it.said(), back).at(-1)).toBe('succeeded');
    const releases = await it.database.query(
      'select number, kind, from_release, result from service_release where service_uid = $1 order by 1',
      [service.uid],
    );
    expect(releases.map((row) => Object.values(row))).toEqual([
      [1, 'deploy', null, 'available'],
      [2, 'upgrade', null, 'failed'],
      [3, 'rollback', 1, 'available'],
    ]);
  });
});

describe('a rollback', () => {
  test.each([
    ['an unknown release', 9, 'no_such_release'],
    ['the release that runs', 1, 'release_is_live'],
  ])('to %s is refused', async (_, toRelease, code) => {
    const service = await scenes.running(`back${toRelease}`);
    const operationId = await it.handle('rollbackService', { ...service, ifVersion: 1, toRelease });
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['refused']);
    expect(ofType(said, 'operation.changed')[0]?.problem).toMatchObject({ code });
  });
});
