import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aCmdb, admin, delta, project, service, snapshot, type Cmdb } from '../cmdb/cmdb.harness.js';
import { decisions, list } from './vanished.store.pg.js';

let it: Cmdb;
beforeAll(async () => {
  it = await aCmdb({ percent: 50, percentFrom: 4, rows: 100 });
}, 60_000);
afterAll(() => it.close());

const all = { project: null, search: null, limit: 50 };
const services = (...codes: string[]) => codes.map((code) => ({ ...service, cmdbId: `s-${code}`, code }));
const waiting = (state: 'waiting' | 'kept' = 'waiting') =>
  list(it.database, { ...all, state, now: new Date(), after: null });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const retiredSaid = async () => (await it.said()).filter(([, { retired }]) => retired).map(([key]) => key);

describe('a service that vanishes from the CMDB', () => {
  test('is retired when nothing runs of it, or when it is stopped', async () => {
    await it.push(snapshot(1, { services: services('cart', 'pay', 'idle', 'stopped') }));
    await it.runs('shop/prod/cart');
    await it.runs('shop/prod/pay');
    await it.runs('shop/prod/stopped', 0);
    await it.said();
    const push = await it.push(snapshot(2, { services: services('cart', 'pay') }));
    expect(push.counts.services).toMatchObject({ retired: 2, waiting: 0 });
    expect(await retiredSaid()).toEqual(['shop/idle', 'shop/stopped']);
  });

  test('waits for a decision while it runs: nothing is said about it, and the list shows where it runs', async () => {
    const push = await it.push(snapshot(3, { services: services('pay') }));
    expect(push).toMatchObject({ result: 'applied', counts: { services: { retired: 0, waiting: 1 } } });
    expect(await it.said()).toEqual([]);
    expect(await waiting()).toMatchObject([
      {
        ...{ kind: 'service', key: 'shop/cart', reason: 'runs', version: 3 },
        running: [{ environment: 'prod', desired: 2, clusters: [{ cluster: 'beijing', ready: 2 }] }],
      },
    ]);
  });

  test('is not asked about twice: the same push again changes nothing', async () => {
    const before = await it.fingerprint();
    expect(await it.push(snapshot(4, { services: services('pay') }))).toMatchObject({
      result: 'unchanged',
      counts: { services: { waiting: 1, unchanged: 1 } },
    });
    expect(await it.fingerprint()).toEqual(before);
  });

  test('is kept with a cause and until a day, and leaves the list of what waits', async () => {
    const [row] = await waiting();
    const decision = { decision: 'keep' as const, ids: [row?.id ?? ''], cause: 'CMDB 补录中', until: inDays(3) };
    expect(await it.vanished.decide(decision, admin)).toEqual({ decided: 1 });
    expect(await waiting()).toEqual([]);
    expect(await waiting('kept')).toMatchObject([{ key: 'shop/cart', decidedBy: 'chen', cause: 'CMDB 补录中' }]);
    const later = { ...all, state: 'waiting' as const, now: new Date(inDays(4)), after: null };
    expect(await list(it.database, later)).toMatchObject([{ key: 'shop/cart' }]);
  });

  test('cannot be kept until yesterday', async () => {
    const [row] = await waiting('kept');
    const decision = { decision: 'keep' as const, ids: [row?.id ?? ''], cause: 'x', until: inDays(-1) };
    await expect(it.vanished.decide(decision, admin)).rejects.toMatchObject({ status: 400 });
  });

  test('is retired when somebody confirms it; a second decision comes too late', async () => {
    const [row] = await waiting('kept');
    const decision = { decision: 'retire' as const, ids: [row?.id ?? ''], cause: '确认下线' };
    await it.vanished.decide(decision, admin);
    expect(await retiredSaid()).toEqual(['shop/cart']);
    await expect(it.vanished.decide(decision, admin)).rejects.toMatchObject({ problem: { code: 'already_decided' } });
    expect(await decisions(it.database, { ...all, before: null })).toMatchObject([
      { key: 'shop/cart', outcome: 'retired', decidedBy: 'chen', cause: '确认下线', closedAt: expect.any(Date) },
    ]);
  });

  test('leaves the list by itself when the CMDB names it again: nothing is said, it was never retired', async () => {
    await it.push(snapshot(5, { services: services('pay', 'more') }));
    await it.runs('shop/test/more');
    await it.push(delta(5, { removed: { services: ['s-more'] } }));
    expect(await waiting()).toMatchObject([{ key: 'shop/more' }]);
    await it.said();
    const back = await it.push(delta(6, { services: services('more') }));
    expect(back.counts.services).toMatchObject({ restored: 1, created: 0 });
    expect([await waiting(), await it.said()]).toEqual([[], []]);
  });

  test('is retired by itself once its last instance is deleted', async () => {
    const prod = await it.runs('shop/prod/more');
    await it.push(delta(7, { removed: { services: ['s-more'] } }));
    await it.isGone('shop/prod/more', prod);
    expect(await waiting()).toMatchObject([{ key: 'shop/more' }]);
    await it.said();
    await it.isGone('shop/test/more', prod);
    expect(await waiting()).toEqual([]);
    expect(await retiredSaid()).toEqual(['shop/more']);
  });

  test('under a new code still waits at its old place while it runs there, and says where it is now', async () => {
    const renamed = await it.push(delta(8, { services: [{ ...service, cmdbId: 's-pay', code: 'payment' }] }));
    expect(renamed.counts.services).toMatchObject({ renamed: 1, waiting: 1, retired: 0 });
    expect(await waiting()).toMatchObject([{ key: 'shop/pay', nowAt: 'shop/payment' }]);
  });
});

describe('an entry that is linked by hand', () => {
  const bank = { ...project, cmdbId: 'p2', code: 'bank' };
  const entry = { ...service, cmdbId: 's-loan', code: 'loan-core', project: 'p2' };
  const to = { source: 'cmdb', cmdbId: 's-loan' };

  test('waits when it vanishes while the service that is it runs elsewhere, under another code; neither is retired', async () => {
    await it.push(snapshot(12, { projects: [project, bank], services: [...services('pay'), entry] }));
    const uid = await it.runs('shop/prod/loans');
    await it.mapping.link({ project: 'shop', code: 'loans', to }, admin);
    await it.said();
    const push = await it.push(snapshot(13, { projects: [project], services: services('pay') }));
    expect(push.counts).toMatchObject({ projects: { waiting: 1 }, services: { waiting: 1, retired: 0 } });
    expect(await it.said()).toEqual([]);
    const rows = (await waiting()).filter(({ key }) => key?.startsWith('bank/'));
    expect(rows).toMatchObject([{ key: 'bank/loan-core', running: [{ service: 'shop/loans', environment: 'prod' }] }]);
    await it.isGone('shop/prod/loans', uid);
    expect((await waiting()).filter(({ key }) => key?.startsWith('bank'))).toEqual([]);
    expect(await retiredSaid()).toEqual(['bank', 'bank/loan-core', 'shop/loans']);
  });

  test('that moves leaves its old place silently, and the service that is it follows: 1 retired, 0 waiting', async () => {
    await it.push(snapshot(14, { projects: [project, bank], services: [...services('pay'), entry] }));
    const uid = await it.runs('shop/prod/loans');
    await it.said();
    const push = await it.push(
      snapshot(15, { projects: [project, bank], services: [...services('pay'), { ...entry, code: 'loan-new' }] }),
    );
    expect(push.counts.services).toMatchObject({ moved: 0, renamed: 1, waiting: 0 });
    expect((await it.said()).map(([key, { retired }]) => `${key} ${String(retired)}`)).toEqual([
      'bank/loan-core true',
      'bank/loan-new false',
      'shop/loans false',
    ]);
    await it.isGone('shop/prod/loans', uid);
  });
});

describe('a project that vanishes', () => {
  test('waits while one of its services runs, and so does that service', async () => {
    const other = { ...project, cmdbId: 'p2', code: 'bank' };
    const inBank = { ...service, cmdbId: 's-bank', code: 'loan', project: 'p2' };
    await it.push(snapshot(20, { projects: [project, other], services: [...services('pay'), inBank] }));
    await it.runs('bank/prod/loan');
    const push = await it.push(snapshot(21, { services: services('pay') }));
    expect(push.counts).toMatchObject({ projects: { waiting: 1, retired: 0 }, services: { waiting: 1 } });
    const rows = (await waiting()).filter(({ key }) => key?.startsWith('bank'));
    expect(rows.map(({ kind, running }) => `${kind} ${running.length}`).sort()).toEqual(['project 1', 'service 1']);
  });
});

describe('a large retirement', () => {
  const named = services('pay', 'a', 'b', 'c', 'd', 'e');
  const held = async (version: number) => {
    await it.push(snapshot(version, { services: named }));
    await it.said();
    return it.push(snapshot(version + 1, { services: [...services('pay'), ...services('new')] }));
  };

  test('waits as a whole; the other rows of the push apply at once', async () => {
    const push = await held(30);
    expect(push.approval).toMatchObject({ state: 'waiting', rows: 5 });
    expect((await it.said()).map(([key]) => key)).toEqual(['shop/new']);
  });

  test('is retired when approved; what began to run meanwhile is asked about on its own', async () => {
    const [push] = (await it.reader.pushes({ limit: 1 })).items;
    await it.runs('shop/prod/a');
    await it.vanished.approve(push?.id ?? '', true, '已与业务确认', admin);
    expect(await retiredSaid()).toEqual(['shop/b', 'shop/c', 'shop/d', 'shop/e']);
    expect((await waiting()).map(({ key }) => key)).toContain('shop/a');
    expect(await it.reader.push(push?.id ?? '')).toMatchObject({ approval: { state: 'approved', by: 'chen' } });
    await expect(it.vanished.approve(push?.id ?? '', true, 'x', admin)).rejects.toMatchObject({ status: 409 });
  });

  test('that is rejected keeps its rows for 7 days and is not asked about again by the next push', async () => {
    const push = await held(40);
    await it.vanished.approve(push.id, false, '快照不完整', admin);
    expect((await waiting('kept')).map(({ key }) => key)).toEqual(expect.arrayContaining(['shop/b', 'shop/c']));
    const next = await it.push(snapshot(42, { services: [...services('pay'), ...services('new')] }));
    expect(next).toMatchObject({ result: 'unchanged', approval: null });
  });

  test('is withdrawn when the CMDB names everything again', async () => {
    const push = await held(50);
    await it.push(snapshot(52, { services: named }));
    expect(await it.reader.push(push.id)).toMatchObject({ approval: { state: 'withdrawn' } });
  });
});
