import { CmdbRecord } from '@berth/api';
import { catalogue } from '@berth/contracts';
import { Outbox } from '@berth/platform/outbox';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aService, anImage, aSpec, Harness, policy } from '../service/service.harness.js';
import { CmdbRecordService } from './cmdb-record.service.js';
import { CmdbRecordStore } from './cmdb-record.store.pg.js';

let it: Harness;
let records: CmdbRecordService;
const cart = aService('cart');

beforeAll(async () => {
  it = await Harness.start();
  const at = it.clock.now().toISOString();
  const businessLine = { code: 'pay', name: '支付' };
  const project = { slug: 'shop', code: 'C', name: '商城', businessLine, cmdbId: 'p', updatedAt: at };
  await it.handle('projectState', { ...project, retired: false, allowsUnregistered: true });
  const entry = { project: 'shop', code: 'cart', name: '购物车', cmdbId: 'c-1', owner: '何静', retired: false };
  await it.handle('catalogServiceState', { ...entry, updatedAt: at });
  const image = anImage('1.0');
  await it.handle('deployService', { ...cart, name: '购物车', spec: aSpec(), image, replicas: 2, policy });
  records = new CmdbRecordService(
    it.database,
    new CmdbRecordStore(),
    new Outbox('ipaas', it.clock, () => undefined),
    it.clock,
  );
});
afterAll(() => it.close());

async function container(name: string, node: string | null): Promise<void> {
  await it.database.query(
    `insert into container (uid, service_uid, cluster, namespace, name, release, node, state, ready, restarts, created_at)
     values ($1, $2, 'beijing', 'shop-prod', $1, 1, $3, 'running', true, 0, clock_timestamp())`,
    [name, cart.uid, node],
  );
}
const page = async (changedSince?: string) => {
  const { items } = await records.page({ limit: 50, ...(changedSince && { changedSince }) });
  return items.map((item) => CmdbRecord.parse(item));
};
const saidRecords = async () =>
  (await it.said()).filter(({ type }) => type === catalogue.publicServiceContainers.type).map(({ data }) => data);

test('a service is one record: its containers with host and version, the rest once', async () => {
  await container('cart-a', 'bj-1');
  await container('cart-b', null);
  it.clock.pass(10);
  expect(await records.say()).toBe(1);
  expect(await page()).toMatchObject([
    {
      ...{ key: cart.key, cmdbId: 'c-1', owner: '何静', release: 1, deleted: false },
      containers: [{ name: 'cart-a', cluster: 'beijing', host: 'bj-1', version: '1.0' }],
    },
  ]);
  expect(await saidRecords()).toMatchObject([{ service: 'cart', containers: [{ name: 'cart-a' }] }]);
});

test('restarts and readiness are not said: 0 records, 0 events', async () => {
  await it.database.query(`update container set restarts = 40, ready = false, state = 'crash_looping'`);
  it.clock.pass(10);
  expect([await records.say(), await saidRecords()]).toEqual([0, []]);
});

test('a container more and one less between two looks are one record and one event', async () => {
  const before = it.clock.now().toISOString();
  await container('cart-c', 'bj-2');
  await it.database.query(`update container set ended_at = clock_timestamp() where uid = 'cart-a'`);
  it.clock.pass(10);
  expect(await records.say()).toBe(1);
  expect(await saidRecords()).toMatchObject([{ containers: [{ name: 'cart-c', host: 'bj-2' }] }]);
  it.clock.pass(1);
  expect(await page(before)).toHaveLength(1);
  expect(await page(it.clock.now().toISOString())).toEqual([]);
});

test('a service that is gone is said as deleted, listed for 30 days and then forgotten', async () => {
  await it.database.query('delete from service where uid = $1', [cart.uid]);
  expect(await records.say()).toBe(1);
  expect(await saidRecords()).toMatchObject([{ deleted: true, containers: [], image: null, cmdbId: 'c-1' }]);
  expect(await page()).toMatchObject([{ deleted: true }]);
  it.clock.pass(31 * 24 * 60 * 60);
  await records.say();
  expect(await page()).toEqual([]);
});

test('pages go on where the page before ended; another list’s token is refused', async () => {
  const rows = ['a', 'b', 'c'].map((code) => ({ ...aService(code), name: code }));
  for (const row of rows) {
    const data = { ...row, spec: aSpec(), image: anImage('1.0'), replicas: 1, policy };
    await it.handle('deployService', data);
  }
  expect(await records.say()).toBe(3);
  const first = await records.page({ limit: 2 });
  const second = await records.page({ limit: 2, continue: first.continue ?? '' });
  expect([...first.items, ...second.items].map(({ service }) => service)).toEqual(['a', 'b', 'c']);
  expect(second.continue).toBeNull();
  await expect(records.page({ limit: 2, continue: 'x' })).rejects.toMatchObject({ status: 400 });
});
