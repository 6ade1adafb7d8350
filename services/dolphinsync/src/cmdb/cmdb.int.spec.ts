import { ProblemError } from '@berth/platform/errors';
import { Outbox } from '@berth/platform/outbox';
import { SystemClock } from '@berth/platform/clock';
import { testDatabase, type TestDatabase } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrations } from '../migrations/index.js';
import { CmdbReader } from './cmdb.reader.js';
import { CmdbPushes } from './cmdb.service.js';

let at: TestDatabase;
let pushes: CmdbPushes;
let reader: CmdbReader;
beforeAll(async () => {
  at = await testDatabase('dolphinsync', migrations);
  const clock = new SystemClock();
  pushes = new CmdbPushes(at.database, new Outbox('dolphinsync', clock, () => undefined), clock);
  reader = new CmdbReader(at.database);
}, 60_000);
afterAll(() => at.close());

const line = { cmdbId: 'l1', code: 'wealth', name: '财富', allowsUnregistered: true };
const project = { cmdbId: 'p1', code: 'shop', name: '商城', businessLine: 'l1' };
const service = { cmdbId: 's1', code: 'cart', name: '购物车', project: 'p1' };
const snapshot = (version: number, change: { projects?: object[]; services?: object[] } = {}) => ({
  source: 'cmdb',
  version,
  businessLines: [line],
  projects: [project],
  services: [service],
  ...change,
});
const anybody = {
  userId: 'u',
  userName: 'u',
  sessionId: 's',
  audience: 'dolphinsync' as const,
  permissions: [],
  channel: 'api' as const,
  expiresAt: new Date(),
};

/** Keys and values of what was said since the last call. */
async function said(): Promise<[string, Record<string, unknown>][]> {
  const rows = await at.database.query<{ key: string; data: string }>(
    'with gone as (delete from outbox returning *) select * from gone order by position',
  );
  return rows.map(({ key, data }) => [key, JSON.parse(data) as Record<string, unknown>]);
}
/** Changes whenever a row of what the CMDB said is written, even to the same value. */
async function fingerprint(): Promise<unknown> {
  return at.database.query(
    `select (select array_agg(xmin::text || ctid::text order by ctid) from business_line) as lines,
       (select array_agg(xmin::text || ctid::text order by ctid) from project) as projects,
       (select array_agg(xmin::text || ctid::text order by ctid) from catalog_service) as services`,
  );
}

describe('pushes of the CMDB', () => {
  test('a dry run counts 1, 1 and 1 and writes nothing', async () => {
    const before = await fingerprint();
    expect(await pushes.push(snapshot(1), true)).toMatchObject({
      result: 'dry_run',
      counts: { businessLines: { created: 1 }, projects: { created: 1 }, services: { created: 1 } },
    });
    expect(await fingerprint()).toEqual(before);
    expect(await said()).toEqual([]);
  });

  test('the first one is applied and said: 1 project, 1 service', async () => {
    expect(await pushes.push(snapshot(1), false)).toMatchObject({ result: 'applied' });
    const messages = await said();
    expect(messages.map(([key]) => key)).toEqual(['shop', 'shop/cart']);
    expect(messages[0]?.[1]).toMatchObject({
      slug: 'shop',
      businessLine: { code: 'wealth', name: '财富' },
      allowsUnregistered: true,
      retired: false,
    });
  });

  test('the same again, and the same under version 2, write no row and say nothing', async () => {
    const before = await fingerprint();
    expect(await pushes.push(snapshot(1), false)).toMatchObject({
      result: 'unchanged',
      counts: { services: { unchanged: 1 } },
    });
    expect(await pushes.push(snapshot(2), false)).toMatchObject({ result: 'unchanged' });
    expect(await fingerprint()).toEqual(before);
    expect(await said()).toEqual([]);
  });

  test('an older one is answered as older and applies nothing', async () => {
    expect(await pushes.push(snapshot(1, { services: [] }), false)).toMatchObject({
      result: 'older',
      counts: { services: { retired: 0 } },
    });
    expect(await said()).toEqual([]);
  });

  test('version 2 with another content is refused', async () => {
    await expect(pushes.push(snapshot(2, { services: [] }), false)).rejects.toBeInstanceOf(ProblemError);
  });

  test('a snapshot with 1 bad and 1 missing row explains the one and retires the other', async () => {
    const services = [{ ...service, cmdbId: 's2', code: 'Bad Code' }];
    const push = await pushes.push(snapshot(3, { services }), false);
    expect(push).toMatchObject({
      result: 'applied',
      counts: { services: { retired: 1, rejected: 1 } },
      rejected: [{ kind: 'service', cmdbId: 's2', index: 0, field: 'code' }],
    });
    expect(await said()).toMatchObject([['shop/cart', { retired: true }]]);
  });

  test('a renamed project keeps its slug', async () => {
    await pushes.push(snapshot(4, { projects: [{ ...project, code: 'mall' }] }), false);
    expect((await said()).map(([key, data]) => `${key} ${data.code} ${data.retired}`)).toEqual([
      'shop mall false',
      'shop/cart cart false',
    ]);
  });

  test('the list of pushes has all 7 that were answered, newest first, in pages of 3', async () => {
    const first = await reader.pushes({ limit: 3 });
    const second = await reader.pushes({ limit: 3, continue: first.continue ?? '' });
    const third = await reader.pushes({ limit: 3, continue: second.continue ?? '' });
    const results = [first, second, third].flatMap(({ items }) => items.map(({ result }) => result));
    expect(results).toEqual(['applied', 'applied', 'older', 'unchanged', 'unchanged', 'applied', 'dry_run']);
    expect(third.continue).toBeNull();
    await expect(reader.pushes({ limit: 3, continue: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });

  test('projects are listed to whoever may see one of their environments, with the number of their services', async () => {
    expect((await reader.projects({ limit: 50 }, { ...anybody, scopes: ['shop/dev'] })).items).toMatchObject([
      { slug: 'shop', services: 1 },
    ]);
    expect((await reader.projects({ limit: 50 }, { ...anybody, scopes: ['bank/dev'] })).items).toEqual([]);
    expect((await reader.projects({ limit: 50, search: '商' }, { ...anybody, scopes: 'all' })).items).toHaveLength(1);
    expect((await reader.services('shop', { limit: 50 })).items).toMatchObject([{ code: 'cart', retired: false }]);
  });
});

test('10,000 services in 100 projects apply within 20 s, the same again says nothing, two at once do not disturb one another', async () => {
  const projects = Array.from({ length: 100 }, (_, index) => ({
    ...project,
    cmdbId: `p${index}`,
    code: `project-${index}`,
  }));
  const services = Array.from({ length: 10_000 }, (_, index) => ({
    cmdbId: `s${index}`,
    code: `service-${Math.floor(index / 100)}`,
    name: `服务 ${index}`,
    project: `p${index % 100}`,
  }));
  const large = { source: 'large', version: 1, businessLines: [line], projects, services };
  const both = await Promise.all([pushes.push(large, false), pushes.push(large, false)]);
  expect(both.map(({ result }) => result).sort()).toEqual(['applied', 'unchanged']);
  expect(Math.max(...both.map(({ durationMs }) => durationMs))).toBeLessThan(20_000);
  expect((await at.database.query<{ rows: number }>('select count(*) as rows from outbox'))[0]?.rows).toBe(10_100);
}, 60_000);
