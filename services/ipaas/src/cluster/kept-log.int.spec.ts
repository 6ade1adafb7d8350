import { eventually } from '@berth/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ContainerService } from '../container/container.service.js';
import { ContainerStore } from '../container/container.store.pg.js';
import { mostKeptLines, pastContainers } from '../container/kept-log.js';
import { KeptLogService } from '../container/kept-log.service.js';
import { KeptLogStore } from '../container/kept-log.store.pg.js';
import { ClusterRig, type GivenService } from './cluster.rig.js';

const store = new KeptLogStore();
const ask = { previous: false, tailLines: 1_000, sinceTime: undefined };
let rig: ClusterRig;
let cart: GivenService;

beforeEach(async () => {
  rig = await ClusterRig.open();
  cart = await rig.addService({ replicas: 1 });
});
afterEach(async () => {
  await rig.close();
});

async function nameOfOne(): Promise<string> {
  await eventually(async () => expect(await rig.containers(cart)).toMatchObject([{ state: 'running' }]));
  return (await rig.containers(cart))[0]?.name ?? '';
}

async function read(name: string, change: Partial<typeof ask> = {}) {
  const containers = new ContainerService(rig.database, new ContainerStore());
  const container = await containers.find(cart.key, 'beijing', name);
  return new KeptLogService(rig.database, store).read(container, { ...ask, ...change }, new Date());
}

test('of a container that is gone the last 200 lines stay, with NUL and broken UTF-8 as U+FFFD, and 30 days are told', async () => {
  await rig.start();
  const name = await nameOfOne();
  const lines = Array.from({ length: 300 }, (_, index) => `2026-01-01T12:00:00Z line ${index}\n`).join('');
  rig.fake.setLog('shop-prod', name, `${lines}2026-01-01T12:00:01Z bye\u0000 \ud83d\n`);
  await rig.setTarget(cart, { generation: 2, replicas: 0 });
  await eventually(async () => expect(await rig.containers(cart)).toMatchObject([{ name, ended: true }]));
  await eventually(async () => {
    const [notice, ...kept] = (await read(name)) ?? [];
    expect(notice).toMatchObject({ notice: 'kept', kept: { run: 1, mostLines: 200 } });
    expect(kept).toHaveLength(mostKeptLines);
    expect(kept.at(-1)).toEqual({ at: '2026-01-01T12:00:01Z', text: 'bye\ufffd \ufffd' });
    const days = notice && 'kept' in notice ? (Date.parse(notice.kept.until) - Date.now()) / 86_400_000 : 0;
    expect(Math.round(days)).toBe(pastContainers.days);
  });
  expect(await read(name, { tailLines: 5 })).toHaveLength(6);
  const page = await new ContainerService(rig.database, new ContainerStore()).list(cart.key, {
    past: 'true',
    limit: 10,
  });
  expect(page.items).toMatchObject([{ name, logKept: true }]);
});

test('of a crash loop the last run and the one before it are kept, of older ones nothing', async () => {
  await rig.start();
  const name = await nameOfOne();
  rig.fake.setLog('shop-prod', name, '2026-01-01T12:00:00Z FATAL\n', { previous: true });
  rig.fake.setBehaviour({ deployment: 'cart' }, { kind: 'crash', exitCode: 78 });
  await eventually(async () => expect((await rig.containers(cart))[0]?.restarts).toBeGreaterThan(5));
  rig.fake.setBehaviour({ deployment: 'cart' }, { kind: 'ready' });
  const runs = () => rig.database.query<{ run: number }>('select run from kept_log order by run');
  await eventually(async () => {
    const [row] = await rig.containers(cart);
    const last = (await runs()).at(-1)?.run ?? 0;
    expect(Math.abs((row?.restarts ?? 0) - last)).toBeLessThanOrEqual(1);
  });
  expect((await runs()).length).toBeLessThanOrEqual(2);
  expect(await read(name)).toMatchObject([{ notice: 'kept' }, { text: 'FATAL' }]);
});

test('a reading before the end, or of nothing, replaces no later words; a container that is not known keeps nothing', async () => {
  await rig.start();
  await nameOfOne();
  const [row] = await rig.database.query<{ uid: string }>('select uid from container');
  const uid = row?.uid ?? '';
  const save = (lines: string, isOver: boolean, run = 1, of = uid) =>
    rig.database.transaction((tx) => store.save(tx, of, { run, lines, isOver }));
  const kept = () => store.find(rig.database, uid, 1);
  expect(await save('x', true, 1, 'nobody')).toBe(false);
  expect(await save('a', false)).toBe(true);
  expect(await save('a\nb', true)).toBe(true);
  expect(await save('a', false)).toBe(true);
  expect(await save('', true)).toBe(true);
  expect(await kept()).toMatchObject({ lines: 'a\nb', isOver: true });
  expect(await store.marks(rig.database, 'beijing')).toEqual(new Map([[uid, { run: 1, isOver: true }]]));
  await save('c', true, 2);
  await save('d', true, 3);
  expect(await kept()).toBeNull();
  expect(await store.find(rig.database, uid, 2)).toMatchObject({ run: 2 });
});

test('only the newest 100 past containers of a service keep theirs; the row of a container takes its own along', async () => {
  await rig.database.query(
    `insert into container (uid, service_uid, cluster, namespace, name, state, ready, restarts, created_at, ended_at)
     select 'old-' || n, $1, 'beijing', 'shop-prod', 'old-' || n, 'ended', false, 0, now(), now() - make_interval(mins => n)
     from generate_series(1, 103) n`,
    [cart.uid],
  );
  await rig.database.query(
    `insert into kept_log (container_uid, run, lines, is_over) select uid, 1, 'x', true from container`,
  );
  expect(await store.prune(rig.database)).toBe(3);
  expect(await store.find(rig.database, 'old-100', 1)).not.toBeNull();
  expect(await store.find(rig.database, 'old-101', 1)).toBeNull();
  await rig.database.query(`delete from container where uid = 'old-1'`);
  expect(await store.find(rig.database, 'old-1', 1)).toBeNull();
  await rig.database.query('delete from service where uid = $1', [cart.uid]);
  expect(await store.prune(rig.database)).toBe(99);
});
