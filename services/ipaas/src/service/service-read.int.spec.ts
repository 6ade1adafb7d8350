import type { routes } from '@berth/api';
import type { ServedInput } from '@berth/platform/http';
import type { ProblemError } from '@berth/platform/errors';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aService, anImage, aSpec, Harness, policy } from './service.harness.js';

type ListQuery = ServedInput<typeof routes.listServices>['query'];

let it: Harness;
let cart: ReturnType<typeof aService>;
const digests: Record<string, string> = {};

beforeAll(async () => {
  it = await Harness.start();
  const project = {
    code: 'C',
    businessLine: { code: 'pay', name: '支付' },
    cmdbId: 'p',
    updatedAt: it.clock.now().toISOString(),
  };
  await it.handle('projectState', { ...project, slug: 'shop', name: '商城', retired: false, allowsUnregistered: true });
  await it.handle('projectState', {
    ...project,
    slug: 'bank',
    name: '银行',
    retired: false,
    allowsUnregistered: false,
  });
  await it.handle('projectState', { ...project, slug: 'old', name: '旧', retired: true, allowsUnregistered: true });
  const entry = {
    project: 'shop',
    name: '购物车',
    cmdbId: 'c-1',
    owner: '何静',
    retired: false,
    updatedAt: project.updatedAt,
  };
  await it.handle('catalogServiceState', { ...entry, code: 'cart' });
  await it.handle('catalogServiceState', { ...entry, code: 'search', name: '搜索', cmdbId: 'c-2', owner: null });
  for (const tag of ['1.0', '1.1'])
    digests[tag] = it.registry.push({ image: `hub.example/shop/cart:${tag}`, ports: ['8080/tcp'] });
  it.registry.push({ image: 'hub.example/shop/arm:1', architectures: ['arm64'] });
  it.registry.protect('private.example', { username: 'u', password: 'p' });
  it.registry.setReachable('away.example', false);
  cart = await deployed('cart');
  for (const code of ['a1', 'a2', 'a3']) await deployed(code);
});
afterAll(() => it.close());

async function deployed(code: string) {
  const service = aService(code);
  const image = {
    ...anImage('1.0'),
    digest: digests['1.0'] ?? '',
    reference: `hub.example/shop/cart@${digests['1.0']}`,
  };
  const data = { ...service, name: `名 ${code}`, spec: aSpec(), image, replicas: 2, policy };
  const operationId = await it.handle('deployService', data);
  const assignments = [{ cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } }];
  const placed = { ...service, specVersion: 1, generation: 1, total: 2, stopped: false, policy, assignments };
  await it.handle('placed', placed, operationId);
  await it.observe(service.uid, 'beijing');
  return service;
}
const list = (query: Partial<ListQuery> = {}, scopes: 'all' | string[] = 'all') =>
  it.reads.list({ params: {}, query: { limit: 50, ...query }, body: {} }, { scopes });
const codes = (page: Awaited<ReturnType<typeof list>>) => page.items.map(({ code }) => code);
const at = (service: string) => ({ project: 'shop', environment: 'prod' as const, service });
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error as ProblemError).problem.code,
  );

describe('the services list', () => {
  test('has every column in a row', async () => {
    const page = await list({ search: 'CART' });
    expect(page.items).toEqual([
      {
        ...{
          project: 'shop',
          environment: 'prod',
          code: 'cart',
          name: '名 cart',
          uid: cart.uid,
          state: 'running',
          reason: null,
          ...{ cause: null, paused: false, stateSince: expect.any(String) },
        },
        ...{
          desired: 2,
          ready: 2,
          total: 2,
          image: 'shop/cart:1.0',
          release: 1,
          size: { cpuMillis: 500, memoryMiB: 256 },
        },
        clusters: [{ cluster: 'beijing', desired: 2, ready: 2, updated: 2, fresh: true }],
        restartsLastHour: 0,
        lastChange: expect.objectContaining({
          kind: 'service.deploy',
          actor: { id: 'u-1', name: '李雷', channel: 'portal' },
        }),
        ...{ owner: '何静', cmdbId: 'c-1', unregistered: false },
      },
    ]);
    expect((await list({ search: 'a1' })).items[0]).toMatchObject({ owner: null, cmdbId: null, unregistered: true });
  });

  test('pages of 2 give each of 4 services once, in order, and behind them the 1 that is not deployed', async () => {
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, continue: first.continue ?? '' });
    expect([...codes(first), ...codes(second)]).toEqual(['a1', 'a2', 'a3', 'cart']);
    const third = await list({ limit: 2, continue: second.continue ?? '' });
    expect(codes(third)).toEqual(['search']);
    expect(third.continue).toBeNull();
    expect(await problemOf(list({ continue: 'nonsense' }))).toBe('bad_request');
  });

  test('shows only scopes that the caller may read, in the counts too', async () => {
    const none = await list({}, ['bank/prod', 'shop/test']);
    expect(none.items).toEqual([expect.objectContaining({ code: 'search', state: 'undeployed' })]);
    expect(none.counts).toEqual({ undeployed: 1 });
    expect(await list({}, ['shop/prod'])).toMatchObject({ counts: { running: 4, undeployed: 1 } });
    expect((await list({}, [])).counts).toEqual({});
  });

  test('counts per state do not depend on the state that is asked for', async () => {
    expect(await list({ state: ['down'] })).toMatchObject({ items: [], counts: { running: 4, undeployed: 1 } });
  });

  test('asked for 未部署, gives what the CMDB has and nobody deployed there', async () => {
    expect((await list({ state: ['undeployed'] })).items).toEqual([
      expect.objectContaining({ code: 'search', environment: '', uid: null, state: 'undeployed', cmdbId: 'c-2' }),
    ]);
    expect(codes(await list({ state: ['undeployed', 'running'] }))).toEqual(['a1', 'a2', 'a3', 'cart', 'search']);
    const inTest = await list({ state: ['undeployed'], environment: 'test' });
    expect(inTest.items.map(({ code, environment }) => [code, environment])).toEqual([
      ['cart', 'test'],
      ['search', 'test'],
    ]);
  });

  test('asked for one code, gives exactly that one', async () => {
    expect((await list({ code: 'a1' })).items.map(({ code }) => code)).toEqual(['a1']);
    expect((await list({ code: 'a' })).items).toEqual([]);
  });

  test('of one person has what is theirs by name or was changed by them last, in the counts too', async () => {
    const owned = await list({ owner: ['何静', 'hejing'] });
    expect([codes(owned), owned.counts]).toEqual([['cart'], { running: 1 }]);
    expect(codes(await list({ owner: ['何静'], changedBy: 'u-1' }))).toEqual(['a1', 'a2', 'a3', 'cart']);
    expect(codes(await list({ owner: ['林晓'] }))).toEqual([]);
  });

  test('takes a % in a search for what it is', async () => expect((await list({ search: '%' })).items).toEqual([]));

  test('counts restarts of the last hour from the marks of containers', async () => {
    await it.database.query(
      `insert into container (uid, service_uid, cluster, namespace, name, state, ready, restarts, restart_marks, created_at)
       values ('pod-1', $1, 'beijing', 'shop-prod', 'cart-1', 'running', true, 3,
         array[now() - interval '2 hours', now() - interval '5 minutes', now()], now())`,
      [cart.uid],
    );
    expect((await list({ search: 'cart' })).items[0]?.restartsLastHour).toBe(2);
  });
});

test('a service that is not well has its cause in the list: what, where, exit code, restarts of 10 minutes', async () => {
  const ill = await deployed('ill');
  await it.database.query(
    `insert into container (uid, service_uid, cluster, namespace, name, state, detail, ready, restarts, restart_marks,
       release, created_at, last_end)
     values ('pod-ill', $1, 'beijing', 'shop-prod', 'ill-1', 'crash_looping', 'exit code 78', false, 4,
       array[now() - interval '20 minutes', now() - interval '5 minutes', now()], 1, now(),
       '{"exitCode": 78, "reason": "Error", "at": null}')`,
    [ill.uid],
  );
  await it.observe(ill.uid, 'beijing', { ready: 0, causeCode: 'crash_loop', causeDetail: 'ill-1: exit code 78' });
  const [row] = (await list({ search: 'ill' })).items;
  expect(row).toMatchObject({
    state: 'down',
    cause: { kind: 'config_missing', cluster: 'beijing', exitCode: 78, restartsLast10Minutes: 2 },
  });
  expect(row?.cause?.since).toBe(row?.stateSince);
});

test('by urgency production comes first, then the worst state; pages of 2 give each of 4 once', async () => {
  const states = { u1: ['test', 'down'], u2: ['prod', 'degraded'], u3: ['prod', 'down'], u4: ['prod', 'down'] };
  for (const [code, [environment, state]] of Object.entries(states)) {
    const { uid } = await deployed(code);
    const sinceMinutes = code === 'u4' ? 9 : 3;
    await it.database.query(
      `update service set environment = $2, state = $3, state_since = now() - make_interval(mins => $4), due_at = null
       where uid = $1`,
      [uid, environment, state, sinceMinutes],
    );
  }
  const query = { search: 'u', state: ['down' as const, 'degraded' as const], order: 'urgency' as const, limit: 2 };
  const first = await list(query);
  const second = await list({ ...query, continue: first.continue ?? '' });
  expect([...codes(first), ...codes(second)]).toEqual(['u4', 'u3', 'u2', 'u1']);
  expect(second.continue).toBeNull();
});

describe('one service', () => {
  const detail = (service: string) => it.reads.detail({ params: at(service), query: {}, body: {} });

  test('has its spec, image, placement and no change on its way', async () => {
    expect(await detail('cart')).toMatchObject({
      specVersion: 1,
      spec: aSpec(),
      resolvedImage: { digest: digests['1.0'] },
      placement: { total: 2, assignments: [{ cluster: 'beijing', replicas: 2, reason: 'even_share' }] },
      target: null,
      candidate: null,
      addresses: [],
      externalChanges: [],
      runningOperations: [],
    });
    expect(await problemOf(detail('nobody'))).toBe('not_found');
  });

  test('names the change that is on its way, and its releases newest first', async () => {
    const service = await deployed('changing');
    const operationId = await it.handle('upgradeService', {
      ...service,
      ifVersion: 1,
      spec: aSpec(),
      image: anImage('1.1'),
    });
    expect(await detail('changing')).toMatchObject({
      specVersion: 2,
      release: 1,
      candidate: { release: 2, operationId },
      runningOperations: [operationId],
    });
    const releases = (query: { limit: number; continue?: string }) =>
      it.reads.listReleases({ params: at('changing'), query, body: {} });
    const first = await releases({ limit: 1 });
    expect(first.items).toEqual([
      expect.objectContaining({ number: 2, kind: 'upgrade', live: false, result: 'pending' }),
    ]);
    const second = await releases({ limit: 1, continue: first.continue ?? '' });
    expect(second.items).toEqual([
      expect.objectContaining({ number: 1, live: true, lastGood: true, readyAt: expect.any(String) }),
    ]);
  });

  test('whose upgrade failed has what serves, and the failed release #2 with its settings beside it', async () => {
    const service = await deployed('halted');
    const spec = aSpec({ variables: [{ name: 'NEW', value: '1' }] });
    const image = anImage('1.1');
    const operationId = await it.handle('upgradeService', { ...service, ifVersion: 1, spec, image });
    const assignments = [{ cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } }];
    const placed = { ...service, specVersion: 2, generation: 2, total: 2, stopped: false, policy, assignments };
    await it.handle('placed', placed, operationId);
    await it.observe(service.uid, 'beijing', { replicas: 3, updated: 1, ready: 2, rolledOut: false });
    expect(await detail('halted')).toMatchObject({ release: 1, target: { release: 2, result: 'pending' } });
    it.clock.pass(300);
    await it.loop.round();
    expect(await detail('halted')).toMatchObject({
      release: 1,
      spec: aSpec(),
      lastChange: { operationId, failed: true },
      target: { release: 2, kind: 'upgrade', result: 'failed', spec, operationId },
    });
    const { items } = await it.reads.listReleases({ params: at('halted'), query: { limit: 10 }, body: {} });
    expect(items.map(({ number, live, lastGood }) => [number, live, lastGood])).toEqual([
      [2, false, false],
      [1, true, true],
    ]);
  });
});

describe('a preflight', () => {
  const deploy = (code: string, change: object = {}, project = 'shop') =>
    it.preflights.deploy({
      params: { project, environment: 'prod' },
      query: {},
      body: { code, name: 'x', spec: aSpec(), replicas: 2, policy, ...change },
    });
  const spec = (image: string) => ({ spec: aSpec({ image }) });
  const secret = { name: 'TOKEN', secret: { name: 'TOKEN', version: 1 } };

  test('of a deploy gives the command: a new uid, the image by digest', async () => {
    const data = await deploy('fresh');
    expect(data).toMatchObject({ key: 'shop/prod/fresh', image: { digest: digests['1.0'], exposedPorts: [8080] } });
    expect((await deploy('fresh')).uid).not.toBe(data.uid);
  });

  test.each([
    ['a taken name', 'cart', {}, 'shop', 'name_taken'],
    ['a project that nobody knows', 'x', {}, 'nowhere', 'unknown_project'],
    ['a retired project', 'x', {}, 'old', 'project_retired'],
    ['a service that is not in the CMDB, where it must be', 'x', {}, 'bank', 'unregistered_service'],
    ['a secret that was never entered', 'x', { spec: aSpec({ variables: [secret] }) }, 'shop', 'unknown_secret'],
    ['no image name', 'x', spec('UPPER CASE'), 'shop', 'image_invalid'],
    ['an image that is not there', 'x', spec('hub.example/shop/cart:9'), 'shop', 'image_not_found'],
    ['an image that wants a login', 'x', spec('private.example/cart:1'), 'shop', 'image_unauthorized'],
    ['a registry that is away', 'x', spec('away.example/cart:1'), 'shop', 'registry_unreachable'],
    ['an image for other machines', 'x', spec('hub.example/shop/arm:1'), 'shop', 'image_wrong_architecture'],
  ])('of a deploy with %s is refused', async (_, code, change, project, problem) => {
    expect(await problemOf(deploy(code, change, project))).toBe(problem);
  });

  test('of a deploy takes a secret that was entered before', async () => {
    expect(await it.secrets.put('shop/prod/sealed', 'TOKEN', 'hunter2', 'u-1')).toMatchObject({ version: 1 });
    expect(await it.secrets.put('shop/prod/sealed', 'TOKEN', 'hunter3', 'u-1')).toMatchObject({ version: 2 });
    expect(await deploy('sealed', { spec: aSpec({ variables: [secret] }) })).toMatchObject({ key: 'shop/prod/sealed' });
    const rows = await it.database.query<{ sealed: unknown }>('select sealed from service_secret');
    expect(JSON.stringify(rows)).not.toContain('hunter');
  });

  const upgrade = (ifVersion: number | null, image = 'hub.example/shop/cart:1.1') =>
    it.preflights.upgrade({ params: at('cart'), query: {}, body: { spec: aSpec({ image }) }, ifVersion });
  const rollback = (service: string, toRelease: number) =>
    it.preflights.rollback({ params: at(service), query: {}, body: { toRelease }, ifVersion: 1 });

  test('of an upgrade gives the command with the version that was seen', async () =>
    expect(await upgrade(1)).toMatchObject({
      key: cart.key,
      uid: cart.uid,
      ifVersion: 1,
      image: { digest: digests['1.1'] },
    }));
  test('of an upgrade on another version, on none, or to what runs is refused', async () => {
    expect(await problemOf(upgrade(7))).toBe('stale_version');
    expect(await problemOf(upgrade(null))).toBe('if_match_required');
    expect(await problemOf(upgrade(1, 'hub.example/shop/cart:1.0'))).toBe('nothing_to_do');
  });
  test('of a rollback to what runs or to nothing is refused', async () => {
    expect(await problemOf(rollback('cart', 1))).toBe('release_is_live');
    expect(await problemOf(rollback('cart', 5))).toBe('no_such_release');
    expect(await problemOf(rollback('nobody', 1))).toBe('not_found');
  });
  test('of a restart or delete names the service that is there', async () => {
    const input = { params: at('a1'), query: {}, body: {} };
    const service = expect.objectContaining({ key: 'shop/prod/a1' });
    expect(await it.preflights.restart(input)).toEqual(service);
    expect(await it.preflights.delete(input)).toEqual(service);
  });
  test('of a restart of a stopped service is refused: nothing_to_do', async () => {
    const service = await deployed('still');
    const placed = { ...service, specVersion: 1, generation: 2, total: 2, stopped: true, policy, assignments: [] };
    await it.handle('placed', placed);
    expect(await problemOf(it.preflights.restart({ params: at('still'), query: {}, body: {} }))).toBe('nothing_to_do');
    expect((await list({ search: 'still' })).items[0]).toMatchObject({ desired: 0, total: 2 });
  });
  test('of a rollback to a release whose image is gone is refused: image_gone', async () => {
    const service = await deployed('imageless');
    for (const [tag, version] of [
      ['9.1', 1],
      ['9.2', 2],
    ] as const) {
      const upgrade = { ...service, ifVersion: version, spec: aSpec(), image: anImage(tag) };
      const operationId = await it.handle('upgradeService', upgrade);
      const assignments = [{ cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } }];
      const where = { total: 2, stopped: false, policy, assignments };
      await it.handle(
        'placed',
        { ...service, specVersion: version + 1, generation: version + 1, ...where },
        operationId,
      );
      await it.observe(service.uid, 'beijing');
    }
    const back = { params: at('imageless'), query: {}, body: { toRelease: 2 }, ifVersion: 3 };
    expect(await problemOf(it.preflights.rollback(back))).toBe('image_gone');
    expect(await it.preflights.rollback({ ...back, body: { toRelease: 1 } })).toMatchObject({ toRelease: 1 });
  });
  test('of a name says whether it is free and registered', async () => {
    const check = (service: string) => it.preflights.checkName({ params: at(service), query: {}, body: {} });
    expect(await check('cart')).toMatchObject({ free: false, registered: true, problem: { code: 'name_taken' } });
    expect(await check('search')).toEqual({ free: true, registered: true, problem: null });
    expect(await check('new')).toEqual({ free: true, registered: false, problem: null });
  });
});
