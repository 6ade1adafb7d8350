import { rowsConsumedBy, scaleService } from '@berth/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cuttableProxy, eventually, testBus, testDatabase, type TestBus, type TestDatabase } from '@berth/testing';
import type { RelayedRecord } from '../outbox/index.js';
import { copyOfService, effectsOf, effectTable, scaleCommand } from './consumer.rig.js';

const streams = rowsConsumedBy('cluster-mgr').map(({ stream }) => stream.name);
const stream = scaleService.stream.name;
let bus: TestBus;
let db: TestDatabase;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  bus = await testBus(streams);
});
afterAll(() => bus.close());
beforeEach(async () => {
  db = await testDatabase('cluster-mgr');
  await db.database.query(effectTable);
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
  await db.close();
});

const keys = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `shop/prod/${prefix}${index}`);
const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const countOfEffects = async () =>
  Number((await db.database.query<{ n: number }>('select count(*) as n from effect'))[0]?.n);

function start(copy: ReturnType<typeof copyOfService>): typeof copy {
  copy.start();
  stops.push(() => copy.server.close());
  return copy;
}

/** Every command of every key in order, and one in five once more, 7 records later. */
function withDuplicates(names: readonly string[], perKey: number): RelayedRecord[] {
  const records: RelayedRecord[] = [];
  const late: RelayedRecord[] = [];
  for (const sequence of oneTo(perKey))
    for (const [index, key] of names.entries()) {
      const record = scaleCommand(key, sequence);
      records.push(record);
      if ((sequence * names.length + index) % 5 === 0) late.push(record);
      if (late.length > 7) records.push(late.shift() as RelayedRecord);
    }
  return [...records, ...late];
}

describe('1,000 commands of 40 keys with 20 % duplicates and 2 consumers', () => {
  test('have each exactly one effect, in order per key, although one consumer dies in the middle', async () => {
    const names = keys('dup', 40);
    const kafkaWay = await cuttableProxy(bus.broker);
    const { hostname, port } = new URL(db.url);
    const databaseWay = await cuttableProxy({ host: hostname, port: Number(port) });
    const throughProxy = Object.assign(new URL(db.url), { host: `127.0.0.1:${databaseWay.port}` }).toString();
    const via = { host: '127.0.0.1', port: kafkaWay.port };

    const survivor = start(copyOfService(db, bus.kafka));
    const victim = start(copyOfService(db, { ...bus.kafka, via }, undefined, throughProxy));
    await eventually(() => expect([survivor, victim].every(({ server }) => server.isHealthy())).toBe(true), 30_000);

    const records = withDuplicates(names, 25);
    expect(records).toHaveLength(1_200);
    for (let from = 0; from < records.length; from += 100) {
      await bus.send(stream, records.slice(from, from + 100));
      // As after kill -9: no goodbye to the group, open transactions end by the loss of their connection.
      if (from === 500) await Promise.all([kafkaWay.cut(), databaseWay.cut()]);
    }
    await eventually(async () => expect(await countOfEffects()).toBe(1_000), 60_000);
    for (const key of names) expect(await effectsOf(db, key)).toEqual(oneTo(25));
    await victim.database.close().catch(() => undefined);
  }, 120_000);
});

describe('a consumer whose database goes away', () => {
  test('waits, commits nothing, and goes on within 3 s of its return with nothing lost or doubled', async () => {
    const { hostname, port } = new URL(db.url);
    const databaseWay = await cuttableProxy({ host: hostname, port: Number(port) });
    const url = Object.assign(new URL(db.url), { host: `127.0.0.1:${databaseWay.port}` }).toString();
    const copy = start(copyOfService(db, bus.kafka, undefined, url));
    const names = keys('away', 10);
    await bus.send(stream, withDuplicates(names, 5));
    await eventually(async () => expect(await countOfEffects()).toBeGreaterThanOrEqual(50), 30_000);

    await databaseWay.cut();
    await bus.send(
      stream,
      names.flatMap((key) => oneTo(5).map((n) => scaleCommand(key, 5 + n))),
    );
    await eventually(() => expect(copy.server.isHealthy()).toBe(true));
    expect(await countOfRetries()).toBe(0);
    await databaseWay.mend();
    await eventually(
      async () => expect((await Promise.all(names.map((key) => effectsOf(db, key)))).flat()).toHaveLength(100),
      3_000,
    );
    for (const key of names) expect(await effectsOf(db, key)).toEqual(oneTo(10));
    await copy.server.close();
    await copy.database.close();
    await databaseWay.close();
  }, 60_000);
});

describe('a consumer whose broker goes away', () => {
  test('handles what was sent meanwhile within 10 s of its return', async () => {
    const kafkaWay = await cuttableProxy(bus.broker);
    start(copyOfService(db, { ...bus.kafka, via: { host: '127.0.0.1', port: kafkaWay.port } }));
    const [key = ''] = keys('cut', 1);
    await bus.send(stream, [scaleCommand(key, 1)]);
    await eventually(async () => expect(await effectsOf(db, key)).toEqual([1]), 30_000);

    await kafkaWay.cut();
    await bus.send(stream, [scaleCommand(key, 2), scaleCommand(key, 3)]);
    // Longer than the session, so that the group has given the member up.
    const cutAt = performance.now();
    await eventually(() => expect(performance.now() - cutAt).toBeGreaterThan(12_000), 15_000);
    await kafkaWay.mend();
    await eventually(async () => expect(await effectsOf(db, key)).toEqual([1, 2, 3]), 10_000);
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await kafkaWay.close();
  }, 90_000);
});

async function countOfRetries(): Promise<number> {
  const [row] = await db.database.query<{ n: number }>('select count(*) as n from retry');
  return row?.n ?? 0;
}
