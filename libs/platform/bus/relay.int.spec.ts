import { rowsConsumedBy, scaleService } from '@berth/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cuttableProxy, eventually, testBus, testDatabase, type TestBus, type TestDatabase } from '@berth/testing';
import { SystemClock } from '../clock/index.js';
import { Leases } from '../lease/index.js';
import { silentLogger } from '../log/index.js';
import { Outbox, OutboxRelay } from '../outbox/index.js';
import { copyOfService, effectsOf, effectTable } from './consumer.rig.js';
import { BusProducer } from './producer.js';

let bus: TestBus;
let sender: TestDatabase;
let receiver: TestDatabase;

beforeAll(async () => {
  bus = await testBus(rowsConsumedBy('cluster-mgr').map(({ stream }) => stream.name));
  sender = await testDatabase('gateway');
  receiver = await testDatabase('cluster-mgr');
  await receiver.database.query(effectTable);
}, 60_000);
afterAll(async () => {
  await Promise.all([bus.close(), sender.close(), receiver.close()]);
});

test('what is said while the broker is away for 15 s has its one effect in order within 10 s of its return', async () => {
  const log = silentLogger();
  const way = await cuttableProxy(bus.broker);
  const producer = new BusProducer({ ...bus.kafka, via: { host: '127.0.0.1', port: way.port } });
  const leases = new Leases({ database: sender.database, instance: 'gateway-1', log });
  const relay = new OutboxRelay({ database: sender.database, leases, bus: producer, log });
  const outbox = new Outbox('gateway', new SystemClock(), () => relay.wake());
  const consumer = copyOfService(receiver, bus.kafka);
  await relay.start();
  consumer.start();
  const keys = Array.from({ length: 10 }, (_, index) => `shop/prod/r${index}`);
  const say = async (times: number) => {
    for (let n = 0; n < times; n += 1)
      for (const key of keys)
        await sender.database.transaction((tx) =>
          outbox.append(tx, scaleService, { key, uid: '11111111-1111-4111-8111-111111111111', replicas: 2 }),
        );
  };
  const effects = () => Promise.all(keys.map((key) => effectsOf(receiver, key)));
  const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  await say(3);
  await eventually(async () => expect(await effects()).toEqual(keys.map(() => oneTo(3))), 30_000);

  await way.cut();
  const cutAt = performance.now();
  await say(5);
  await eventually(() => expect(performance.now() - cutAt).toBeGreaterThan(15_000), 20_000);
  expect(await sender.database.query('select 1 from outbox')).toHaveLength(50);
  await way.mend();
  await eventually(async () => expect(await effects()).toEqual(keys.map(() => oneTo(8))), 10_000);
  await eventually(async () => expect(await sender.database.query('select 1 from outbox')).toEqual([]), 2_000);

  await relay.stop();
  await consumer.server.close();
  await producer.close();
  await way.close();
}, 120_000);
