import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aCmdb, line, project, type Cmdb } from './cmdb.harness.js';

let it: Cmdb;
beforeAll(async () => {
  it = await aCmdb();
}, 60_000);
afterAll(() => it.close());

const projects = Array.from({ length: 100 }, (_, index) => ({
  ...project,
  cmdbId: `p${index}`,
  code: `project-${index}`,
}));
const good = (index: number) => ({
  cmdbId: `s${index}`,
  code: `service-${Math.floor(index / 100)}`,
  name: `服务 ${index}`,
  project: `p${index % 100}`,
});
/** Ten ways to be wrong, each ten times. */
const wrongs: readonly ((row: ReturnType<typeof good>) => unknown)[] = [
  (row) => ({ ...row, name: '' }),
  (row) => ({ ...row, name: undefined }),
  (row) => ({ ...row, name: 'x'.repeat(1_000_000) }),
  (row) => ({ ...row, name: 'a\u0000b' }),
  (row) => ({ ...row, code: 'Not A Code' }),
  (row) => ({ ...row, code: 'kube-dns' }),
  (row) => ({ ...row, code: 'c\u0430rt' }),
  (row) => ({ ...row, project: 'nowhere' }),
  (row) => ({ ...row, cmdbId: 's1' }),
  () => 'not a row',
];
const services = Array.from({ length: 10_000 }, (_, index) => {
  const wrong = index % 100 === 99 ? wrongs[Math.floor(index / 100) % 10] : undefined;
  return wrong ? wrong(good(index)) : good(index);
});
const large = { source: 'large', version: 1, businessLines: [line], projects, services };

test('10,000 rows with 100 bad ones apply within 30 s, and every bad row is explained', async () => {
  const heapBefore = process.memoryUsage().heapUsed;
  const push = await it.push(large);
  expect(push.durationMs).toBeLessThan(30_000);
  expect(push.counts.services).toMatchObject({ created: 9_900, rejected: 100 });
  expect(push.rejected).toHaveLength(100);
  const codes = new Map<string, number>();
  for (const { code } of push.rejected) codes.set(code, (codes.get(code) ?? 0) + 1);
  expect(Object.fromEntries(codes)).toEqual({
    too_short: 10,
    missing: 10,
    too_long: 10,
    control_character: 10,
    not_a_service_code: 10,
    reserved_code: 10,
    mixed_letters: 10,
    unknown_parent: 10,
    given_twice: 10,
    not_an_object: 10,
  });
  const rows = await it.reader.pushRows(push.id, { limit: 500, change: 'reject' });
  expect(rows.items.map(({ rejected }) => rejected)).toEqual(push.rejected);
  // 100 projects and 9,900 services, and how the source stands.
  expect(await it.everythingSaid()).toBe(10_001);
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(500 * 1024 * 1024);
}, 60_000);

test('the same again, and the same under another version, write 0 rows and say 0 events; two at once do not disturb one another', async () => {
  const before = [await it.fingerprint(), await it.everythingSaid()];
  const both = await Promise.all([it.push(large), it.push({ ...large, version: 2 })]);
  for (const { result, counts } of both) {
    expect(['unchanged', 'older']).toContain(result);
    expect(counts.services).toMatchObject({ created: 0, updated: 0, renamed: 0, retired: 0 });
  }
  expect(await it.push({ ...large, version: 2 })).toMatchObject({
    result: 'unchanged',
    counts: { services: { unchanged: 9_900, rejected: 100 } },
  });
  expect([await it.fingerprint(), await it.everythingSaid()]).toEqual(before);
}, 60_000);

test('a push that drops 60 % retires nothing: it waits for an approval, and its 1 renamed row applies at once', async () => {
  const kept = services.slice(0, 4_000).map((row, index) => (index === 7 ? { ...good(7), name: '新名字' } : row));
  const push = await it.push({ ...large, version: 3, services: kept });
  expect(push.counts.services).toMatchObject({ renamed: 1, retired: 0 });
  expect(push.approval).toMatchObject({ state: 'waiting', of: 10_000 });
  expect(push.approval?.rows).toBe(push.counts.services.waiting);
  expect(push.counts.services.waiting).toBeGreaterThan(5_900);
  expect(push.durationMs).toBeLessThan(30_000);
}, 60_000);
