import { ProblemError } from '@berth/platform/errors';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aCmdb, delta, project, service, snapshot, type Cmdb } from './cmdb.harness.js';

let it: Cmdb;
beforeAll(async () => {
  it = await aCmdb();
}, 60_000);
afterAll(() => it.close());

const anybody = {
  userId: 'u',
  userName: 'u',
  sessionId: 's',
  audience: 'dolphinsync' as const,
  permissions: [],
  channel: 'api' as const,
  expiresAt: new Date(),
};

describe('pushes of the CMDB', () => {
  test('a dry run counts 1, 1 and 1 and writes nothing', async () => {
    const before = await it.fingerprint();
    expect(await it.push(snapshot(1), true)).toMatchObject({
      result: 'dry_run',
      counts: { businessLines: { created: 1 }, projects: { created: 1 }, services: { created: 1 } },
    });
    expect(await it.fingerprint()).toEqual(before);
    expect(await it.said()).toEqual([]);
  });

  test('the first one is applied and said: 1 project, 1 service', async () => {
    expect(await it.push(snapshot(1))).toMatchObject({ result: 'applied' });
    const messages = await it.said();
    expect(messages.map(([key]) => key)).toEqual(['shop', 'shop/cart']);
    expect(messages[0]?.[1]).toMatchObject({
      slug: 'shop',
      businessLine: { code: 'wealth', name: '财富' },
      allowsUnregistered: true,
      retired: false,
    });
  });

  test('the same again, and the same under version 2, write no row and say nothing', async () => {
    const before = await it.fingerprint();
    expect(await it.push(snapshot(1))).toMatchObject({
      result: 'unchanged',
      counts: { services: { unchanged: 1 } },
    });
    expect(await it.push(snapshot(2))).toMatchObject({ result: 'unchanged' });
    expect(await it.fingerprint()).toEqual(before);
    expect(await it.said()).toEqual([]);
  });

  test('an older one is answered as older and applies nothing', async () => {
    expect(await it.push(snapshot(1, { services: [] }))).toMatchObject({
      result: 'older',
      counts: { services: { retired: 0 } },
    });
    expect(await it.said()).toEqual([]);
  });

  test('version 2 with another content is refused', async () => {
    await expect(it.push(snapshot(2, { services: [] }))).rejects.toBeInstanceOf(ProblemError);
  });

  test('a snapshot with 1 bad and 1 missing row explains the one and retires the other', async () => {
    const services = [{ ...service, cmdbId: 's2', code: 'Bad Code' }];
    const push = await it.push(snapshot(3, { services }));
    expect(push).toMatchObject({
      result: 'applied',
      counts: { services: { retired: 1, rejected: 1 } },
      rejected: [
        { kind: 'service', cmdbId: 's2', index: 0, field: 'code', code: 'not_a_service_code', value: 'Bad Code' },
      ],
    });
    expect(await it.said()).toMatchObject([['shop/cart', { retired: true }]]);
  });

  test('a renamed project keeps its slug', async () => {
    await it.push(snapshot(4, { projects: [{ ...project, code: 'mall' }] }));
    expect((await it.said()).map(([key, data]) => `${key} ${data.code} ${data.retired}`)).toEqual([
      'shop mall false',
      'shop/cart cart false',
    ]);
  });

  test('the list of pushes has all 7 that were answered, newest first, in pages of 3', async () => {
    const first = await it.reader.pushes({ limit: 3 });
    const second = await it.reader.pushes({ limit: 3, continue: first.continue ?? '' });
    const third = await it.reader.pushes({ limit: 3, continue: second.continue ?? '' });
    const results = [first, second, third].flatMap(({ items }) => items.map(({ result }) => result));
    expect(results).toEqual(['applied', 'applied', 'older', 'unchanged', 'unchanged', 'applied', 'dry_run']);
    expect(third.continue).toBeNull();
    await expect(it.reader.pushes({ limit: 3, continue: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });

  test('projects are listed to whoever may see one of their environments, with the number of their services', async () => {
    expect((await it.reader.projects({ limit: 50 }, { ...anybody, scopes: ['shop/dev'] })).items).toMatchObject([
      { slug: 'shop', services: 1 },
    ]);
    expect((await it.reader.projects({ limit: 50 }, { ...anybody, scopes: ['bank/dev'] })).items).toEqual([]);
    expect((await it.reader.projects({ limit: 50, search: '商' }, { ...anybody, scopes: 'all' })).items).toHaveLength(
      1,
    );
    expect((await it.reader.services('shop', { limit: 50 })).items).toMatchObject([{ code: 'cart', retired: false }]);
  });
});

describe('deltas', () => {
  const at = 4;
  const pay = { cmdbId: 's9', code: 'pay', name: '支付', project: 'p1' };

  test('change only the rows that they name: 1 service more, the others are not touched', async () => {
    expect(await it.push(delta(at, { services: [pay] }))).toMatchObject({
      ...{ result: 'applied', mode: 'delta', baseVersion: 4, version: 5 },
      counts: { services: { created: 1, unchanged: 1, retired: 0 } },
    });
    expect((await it.said()).map(([key]) => key)).toEqual(['shop/pay']);
  });

  test('again change no row and say nothing', async () => {
    const before = await it.fingerprint();
    expect(await it.push(delta(at, { services: [pay] }))).toMatchObject({ result: 'unchanged' });
    expect([await it.fingerprint(), await it.said()]).toEqual([before, []]);
  });

  test('too early, too late and of an unknown source are refused, and say on which version they should be', async () => {
    const refused = { status: 409, problem: { code: 'cmdb_out_of_order', params: { current: 5 } } };
    await expect(it.push(delta(7))).rejects.toMatchObject(refused);
    await expect(it.push(delta(3))).rejects.toMatchObject(refused);
    await expect(it.push({ ...delta(1), source: 'nobody' })).rejects.toMatchObject({
      problem: { params: { current: null } },
    });
  });

  test('rename, move and remove: each row of the push says field by field what is different', async () => {
    const moved = await it.push(
      delta(5, {
        projects: [{ cmdbId: 'p2', code: 'bank', name: '银行', businessLine: 'l1' }],
        services: [{ ...pay, project: 'p2' }],
        removed: { services: ['s1'] },
      }),
    );
    expect(moved.counts.services).toMatchObject({ moved: 1, retired: 1, created: 0 });
    const { items } = await it.reader.pushRows(moved.id, { limit: 50 });
    expect(items.map(({ change, kind, key }) => `${change} ${kind} ${key}`)).toEqual([
      'retire service shop/cart',
      'move service bank/pay',
      'create project bank',
    ]);
    expect(items[1]?.fields).toEqual([{ field: 'project', before: 'shop', after: 'bank' }]);
    expect((await it.said()).map(([key, { retired }]) => `${key} ${String(retired)}`)).toEqual([
      'bank false',
      'shop/cart true',
      'shop/pay true',
      'bank/pay false',
    ]);
  });

  test('filtered by kind and by change, in pages', async () => {
    const { items } = await it.reader.pushes({ limit: 1 });
    const id = items[0]?.id ?? '';
    expect((await it.reader.pushRows(id, { limit: 50, kind: 'project' })).items).toHaveLength(1);
    expect((await it.reader.pushRows(id, { limit: 50, change: 'retire' })).items).toMatchObject([{ key: 'shop/cart' }]);
    const first = await it.reader.pushRows(id, { limit: 2 });
    const second = await it.reader.pushRows(id, { limit: 2, continue: first.continue ?? '' });
    expect([first.items.length, second.items.length, second.continue]).toEqual([2, 1, null]);
  });

  test('that remove a project take its services along, and explain each id that they cannot remove', async () => {
    const removed = await it.push(
      delta(6, {
        services: [{ ...pay, cmdbId: 's10', code: 'refund', project: 'p1' }],
        removed: { projects: ['p2', 'p404'], services: ['s1', 's10'] },
      }),
    );
    expect(removed.counts).toMatchObject({
      projects: { retired: 1 },
      services: { retired: 1, created: 1, rejected: 2 },
    });
    expect(removed.rejected.map(({ kind, cmdbId, code, field }) => `${kind} ${cmdbId} ${code} ${field}`)).toEqual([
      'project p404 nothing_to_remove removed',
      'service s1 nothing_to_remove removed',
      'service s10 also_named removed',
    ]);
    expect((await it.said()).map(([key, { retired }]) => `${key} ${String(retired)}`)).toEqual([
      'bank true',
      'bank/pay true',
      'shop/refund false',
    ]);
  });

  test('that remove a project and are repeated say nothing, and explain nothing twice', async () => {
    const removed = { projects: ['p2', 'p404'], services: ['s1', 's10'] };
    const services = [{ ...pay, cmdbId: 's10', code: 'refund', project: 'p1' }];
    expect(await it.push(delta(6, { services, removed }))).toMatchObject({ result: 'unchanged', rejected: [] });
    expect(await it.said()).toEqual([]);
  });
});
