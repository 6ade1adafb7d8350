import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aService, anImage, aSpec, Harness, ofType, policy, statesOf } from './service.harness.js';

let it: Harness;
beforeAll(async () => {
  it = await Harness.start();
  await it.handle('projectState', {
    slug: 'shop',
    code: 'SHOP',
    name: '商城',
    businessLine: { code: 'pay', name: '支付' },
    cmdbId: 'p-1',
    retired: false,
    allowsUnregistered: true,
    updatedAt: it.clock.now().toISOString(),
  });
});
beforeEach(async () => {
  await it.said();
});
afterAll(() => it.close());

type Service = ReturnType<typeof aService>;

const deploy = (service: Service, change = {}) =>
  it.handle('deployService', {
    ...service,
    name: '购物车',
    spec: aSpec(),
    image: anImage('1.0'),
    replicas: 4,
    policy,
    ...change,
  });
const upgrade = (service: Service, ifVersion: number, tag = '1.1') =>
  it.handle('upgradeService', {
    ...service,
    ifVersion,
    spec: aSpec({ image: `hub.example/shop/cart:${tag}` }),
    image: anImage(tag),
  });
const place = (service: Service, specVersion: number, generation: number, change = {}, operationId?: string) =>
  it.handle(
    'placed',
    {
      ...service,
      specVersion,
      generation,
      total: 4,
      stopped: false,
      policy,
      assignments: [
        { cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } },
        { cluster: 'shanghai', replicas: 2, epoch: 1, reason: { code: 'even_share' } },
      ],
      ...change,
    },
    operationId,
  );
const ready = async (service: Service) => {
  await it.observe(service.uid, 'beijing');
  await it.observe(service.uid, 'shanghai');
};
const running = async (code: string) => {
  const service = aService(code);
  const operationId = await deploy(service);
  await place(service, 1, 1, {}, operationId);
  await ready(service);
  await it.said();
  return service;
};
const results = async (service: Service) =>
  (
    await it.database.query('select number, result from service_release where service_uid = $1 order by 1', [
      service.uid,
    ])
  ).map((row) => [row.number, row.result]);

describe('a first deploy', () => {
  test('asks for a place, rolls out over two clusters and ends once, succeeded', async () => {
    const service = aService('cart');
    const operationId = await deploy(service);
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

    await place(service, 1, 1, {}, operationId);
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
    expect(await results(service)).toEqual([[1, 'available']]);

    await it.loop.round();
    await it.observe(service.uid, 'shanghai');
    expect(await it.said()).toEqual([]);
  });

  test('without room is refused with a reason for every cluster; nothing is left and the key is free', async () => {
    const service = aService('big');
    const operationId = await deploy(service);
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
    const service = await running('taken');
    const operationId = await deploy({ ...aService('taken') });
    expect(statesOf(await it.said(), operationId)).toEqual(['refused']);
    expect(await it.row(service.key)).toMatchObject({ uid: service.uid, state: 'running' });
  });

  test('in a project that the CMDB does not name is refused: unknown_project', async () => {
    const operationId = await deploy({ ...aService('x'), key: 'other/prod/x' });
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
    const operationId = await deploy(service);
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
    const operationId = await deploy(service);
    await place(service, 1, 1, {}, operationId);
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
    const service = await running('up');
    const operationId = await upgrade(service, 1);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([1, 1]);
    expect(ofType(await it.said(), 'placement.place')).toEqual([
      { ...service, specVersion: 2, size: { cpuMillis: 500, memoryMiB: 256 } },
    ]);
    await place(service, 2, 2, {}, operationId);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([2, 2]);
    await ready(service);
    const said = await it.said();
    expect(statesOf(said, operationId).at(-1)).toBe('succeeded');
    expect(ofType(said, 'service.state').at(-1)).toMatchObject({
      state: 'running',
      release: 2,
      specVersion: 2,
      settledGeneration: 2,
    });
    expect(await results(service)).toEqual([
      [1, 'available'],
      [2, 'available'],
    ]);
  });

  test('on version 1 of a service at version 2 is refused: stale_version', async () => {
    const service = await running('stale');
    await upgrade(service, 1);
    const operationId = await upgrade(service, 1, '1.2');
    expect(statesOf(await it.said(), operationId)).toEqual(['refused']);
  });

  test('without room is refused; the candidate is dropped and #1 goes on', async () => {
    const service = await running('noroom');
    const operationId = await upgrade(service, 1);
    await it.handle('unplaceable', { ...service, specVersion: 2, reasons: [] }, operationId);
    expect(statesOf(await it.said(), operationId)).toEqual(['running', 'refused']);
    expect(await it.row(service.key)).toMatchObject({
      state: 'running',
      candidate_release: null,
      live_release: 1,
      spec_version: 2,
    });
    expect(await results(service)).toEqual([[1, 'available']]);
  });

  test('that comes while another waits for its place supersedes it; the late answer to that one is not applied', async () => {
    const service = await running('twice');
    const first = await upgrade(service, 1, '1.1');
    const second = await upgrade(service, 2, '1.2');
    const said = await it.said();
    expect(statesOf(said, first)).toEqual(['running', 'superseded']);
    await place(service, 2, 2, {}, first);
    expect((await it.targetsOf(service.uid)).map(({ release }) => release)).toEqual([1, 1]);
    await place(service, 3, 3, {}, second);
    await ready(service);
    expect(statesOf(await it.said(), second).at(-1)).toBe('succeeded');
    expect(ofType(said, 'x')).toEqual([]);
  });

  test('that comes while another rolls out supersedes it when it has its place; the release before is unfinished', async () => {
    const service = await running('over');
    const first = await upgrade(service, 1, '1.1');
    await place(service, 2, 2, {}, first);
    const second = await upgrade(service, 2, '1.2');
    expect(statesOf(await it.said(), first)).not.toContain('superseded');
    await place(service, 3, 3, {}, second);
    expect(statesOf(await it.said(), first)).toEqual(['superseded']);
    await ready(service);
    expect(await results(service)).toEqual([
      [1, 'available'],
      [2, 'unfinished'],
      [3, 'available'],
    ]);
  });

  test('that fails leaves #1 live, gives its reservation back, and a rollback to #1 heals it', async () => {
    const service = await running('bad');
    const operationId = await upgrade(service, 1);
    await place(service, 2, 2, {}, operationId);
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
    });
    expect((await it.targetsOf(service.uid)).every(({ halted, release }) => halted && release === 2)).toBe(true);

    const back = await it.handle('rollbackService', { ...service, ifVersion: 2, toRelease: 1 });
    await place(service, 3, 3, {}, back);
    expect((await it.targetsOf(service.uid)).every(({ halted, release }) => !halted && release === 3)).toBe(true);
    await ready(service);
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
    const service = await running(`back${toRelease}`);
    const operationId = await it.handle('rollbackService', { ...service, ifVersion: 1, toRelease });
    const said = await it.said();
    expect(statesOf(said, operationId)).toEqual(['refused']);
    expect(ofType(said, 'operation.changed')[0]?.problem).toMatchObject({ code });
  });
});

describe('a restart', () => {
  test('replaces every container: its token goes to the targets and it ends when the clusters carry it', async () => {
    const service = await running('again');
    const operationId = await it.handle('restartService', service);
    expect((await it.targetsOf(service.uid)).map(({ restartToken }) => restartToken)).toEqual([
      operationId,
      operationId,
    ]);
    expect(statesOf(await it.said(), operationId)).toEqual(['running']);
    await ready(service);
    expect(statesOf(await it.said(), operationId).at(-1)).toBe('succeeded');
  });

  test('waits for the upgrade that runs and then has its turn', async () => {
    const service = await running('queue');
    const first = await upgrade(service, 1);
    const restart = await it.handle('restartService', service);
    expect(statesOf(await it.said(), restart)).toEqual([]);
    await place(service, 2, 2, {}, first);
    await ready(service);
    const said = await it.said();
    expect(statesOf(said, first).at(-1)).toBe('succeeded');
    expect(statesOf(said, restart)).toEqual(['running']);
    await ready(service);
    expect(statesOf(await it.said(), restart).at(-1)).toBe('succeeded');
  });
});

describe('a scale, conducted by cluster-mgr', () => {
  test('changes the targets, adds steps to its operation, and settles its generation', async () => {
    const service = await running('scaled');
    const assignments = [
      { cluster: 'beijing', replicas: 3, epoch: 1, reason: { code: 'even_share' } },
      { cluster: 'shanghai', replicas: 3, epoch: 1, reason: { code: 'even_share' } },
    ];
    const operationId = '00000000-0000-4000-8000-0000000000aa';
    await place(service, 1, 2, { total: 6, assignments }, operationId);
    expect((await it.targetsOf(service.uid)).map(({ replicas }) => replicas)).toEqual([3, 3]);
    await ready(service);
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
    const service = await running('old');
    await place(service, 1, 1, { total: 9, assignments: [] });
    expect((await it.targetsOf(service.uid)).map(({ phase }) => phase)).toEqual(['run', 'run']);
  });

  test('to a stop reads stopped when nothing is left, and a restart then has nothing to do', async () => {
    const service = await running('stop');
    const assignments = ['beijing', 'shanghai'].map((cluster) => ({
      cluster,
      replicas: 0,
      epoch: 1,
      reason: { code: 'stopped' },
    }));
    await place(service, 1, 2, { stopped: true, assignments });
    await it.observe(service.uid, 'beijing');
    expect(await it.row(service.key)).toMatchObject({ state: 'changing' });
    await it.observe(service.uid, 'shanghai');
    expect(await it.row(service.key)).toMatchObject({ state: 'stopped', settled_generation: 2 });
    const restart = await it.handle('restartService', service);
    expect(statesOf(await it.said(), restart)).toEqual(['refused']);
  });
});

describe('a delete', () => {
  test('supersedes what runs, empties the clusters, waits for a silent one, and leaves nothing', async () => {
    const service = await running('gone');
    await it.secrets.put(service.key, 'TOKEN', 'hunter2', 'u-1');
    const change = await upgrade(service, 1);
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
    const operationId = await deploy(service);
    await it.handle('upgradeService', { ...service, ifVersion: 1, spec: aSpec(), image: anImage('1.1') }, operationId);
    expect(statesOf(await it.said(), operationId)).toEqual(['running']);
    expect(await results(service)).toEqual([[1, 'pending']]);
  });

  test('two copies that settle at once end an operation once', async () => {
    const service = aService('race');
    const operationId = await deploy(service);
    await place(service, 1, 1, {}, operationId);
    await it.said();
    it.clock.pass(300);
    await Promise.all([it.loop.round(), it.loop.round(), it.loop.round()]);
    expect(statesOf(await it.said(), operationId)).toEqual(['failed']);
  });
});
