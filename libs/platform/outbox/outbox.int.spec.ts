import { operationChangedBy, scaleService, serviceState } from '@berth/contracts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aMessage, eventually, testDatabase, type TestDatabase } from '@berth/testing';
import { SystemClock } from '../clock/index.js';
import { Leases } from '../lease/index.js';
import { silentLogger, withContext } from '../log/index.js';
import { GroupCommit, Outbox, OutboxRelay, type RelayBus, type RelayedRecord } from './index.js';

const uid = '11111111-1111-4111-8111-111111111111';
const command = (key: string, replicas = 2) => ({ key, uid, replicas });
let db: TestDatabase;
let relays: OutboxRelay[] = [];

beforeEach(async () => {
  db = await testDatabase('gateway');
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
  await db.close();
});

const outboxOf = (wake: () => void = () => undefined) => new Outbox('gateway', new SystemClock(), wake);
const outboxOfIpaas = () => new Outbox('ipaas', new SystemClock(), () => undefined);
const rowsLeft = async () => (await db.database.query('select 1 from outbox')).length;

/** A bus that keeps what it gets; `fails` makes sends fail. */
class MemoryBus implements RelayBus {
  readonly sent: { stream: string; record: RelayedRecord }[] = [];
  fails: (stream: string) => boolean = () => false;

  async send(stream: string, records: readonly RelayedRecord[]): Promise<void> {
    if (this.fails(stream)) throw new Error('the broker is away');
    await new Promise((resolve) => setImmediate(resolve));
    this.sent.push(...records.map((record) => ({ stream, record })));
  }

  sequencesOf(key: string): number[] {
    return this.sent.filter(({ record }) => record.key === key).map(({ record }) => record.envelope.sequence);
  }
}

async function startRelay(bus: RelayBus, instance: string, pollMs = 100): Promise<OutboxRelay> {
  const database = db.anotherPool();
  const log = silentLogger();
  const leases = new Leases({ database, instance, log, ttlMs: 12_000, renewMs: 300 });
  const relay = new OutboxRelay({ database, leases, bus, log, pollMs, batchRows: 20 });
  relays.push(relay);
  await relay.start();
  return relay;
}

describe('appending', () => {
  test('numbers the messages of a stream and key from 1 without gaps, also from 20 transactions at once', async () => {
    const outbox = outboxOf();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/cart'))),
      ),
    );
    const rows = await db.database.query<{ envelope: string }>('select envelope from outbox order by position');
    const sequences = rows.map(({ envelope }) => (JSON.parse(envelope) as { sequence: number }).sequence);
    expect(sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test('leaves neither a row nor a gap when the transaction fails', async () => {
    const outbox = outboxOf();
    const failing = db.database.transaction(async (tx) => {
      await outbox.append(tx, scaleService, command('shop/prod/cart'));
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow('no');
    const envelope = await db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/cart')));
    expect(envelope.sequence).toBe(1);
    expect(await rowsLeft()).toBe(1);
  });

  test('takes correlation, cause, operation and actor from the message that caused it', async () => {
    const actor = { id: 'u-1', name: 'lin', channel: 'portal' as const };
    const cause = aMessage(scaleService, command('shop/prod/cart'), { correlationId: 'c-1', operationId: uid, actor });
    const envelope = await db.database.transaction((tx) =>
      outboxOf().append(tx, scaleService, command('shop/prod/pay'), { causedBy: cause.envelope }),
    );
    expect(envelope).toMatchObject({
      source: 'gateway',
      subject: 'shop/prod/pay',
      correlationId: 'c-1',
      causationId: cause.envelope.id,
      operationId: uid,
      actor,
    });
  });

  test('takes the correlation of the request at hand when nothing caused it', async () => {
    const envelope = await withContext({ correlationId: 'request-7' }, () =>
      db.database.transaction((tx) => outboxOf().append(tx, scaleService, command('shop/prod/pay'))),
    );
    expect(envelope.correlationId).toBe('request-7');
  });

  test('refuses data that the schema does not allow, a stream of another service, and a tombstone of what is not a state', async () => {
    const bad = db.database.transaction((tx) => outboxOf().append(tx, scaleService, command('shop/prod/cart', -1)));
    await expect(bad).rejects.toThrow();
    const foreign = db.database.transaction((tx) => outboxOf().tombstone(tx, serviceState, 'shop/prod/cart'));
    await expect(foreign).rejects.toThrow('gateway may not write to ipaas.state.service.v1');
    const stone = db.database.transaction((tx) => outboxOf().tombstone(tx, scaleService, 'shop/prod/cart'));
    await expect(stone).rejects.toThrow('no tombstones');
    const buried = await db.database.transaction((tx) => outboxOfIpaas().tombstone(tx, serviceState, 'shop/prod/cart'));
    expect(buried).toMatchObject({ subject: 'shop/prod/cart', type: 'ipaas.service.state.v1', sequence: 1 });
  });
});

describe('relaying', () => {
  test('2,000 messages of 20 keys with 2 copies: all are sent, in order per key, and none is left', async () => {
    const bus = new MemoryBus();
    const relay = await startRelay(bus, 'a');
    await startRelay(bus, 'b');
    const outbox = outboxOf(() => relay.wake());
    const keys = Array.from({ length: 20 }, (_, index) => `shop/prod/k${index}`);
    for (let round = 0; round < 20; round += 1)
      await Promise.all(
        keys.map((key) =>
          db.database.transaction(async (tx) => {
            for (let n = 0; n < 5; n += 1) await outbox.append(tx, scaleService, command(key));
          }),
        ),
      );
    await eventually(async () => expect(await rowsLeft()).toBe(0), 20_000);
    const inOrder = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const key of keys) expect(bus.sequencesOf(key)).toEqual(inOrder);
  }, 40_000);

  test('starts when another copy commits, although the poll is an hour away', async () => {
    const bus = new MemoryBus();
    const holder = await startRelay(bus, 'a', 3_600_000);
    const leases = new Leases({ database: db.database, instance: 'x', log: silentLogger() });
    await eventually(async () => expect(await leases.holders('outbox/')).toHaveLength(4));
    const other = await startRelay(bus, 'b', 3_600_000);
    expect(other).not.toBe(holder);
    const outbox = outboxOf(() => other.wake());
    await db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/warm')));
    await eventually(() => expect(bus.sequencesOf('shop/prod/warm')).toEqual([1]), 5_000);

    await db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/woken')));
    await eventually(() => expect(bus.sequencesOf('shop/prod/woken')).toEqual([1]), 5_000);
  }, 30_000);

  test('keeps everything while the bus is away, and sends it in order when it is back', async () => {
    const bus = new MemoryBus();
    bus.fails = () => true;
    const relay = await startRelay(bus, 'a');
    const outbox = outboxOf(() => relay.wake());
    for (let n = 0; n < 30; n += 1)
      await db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/cart')));
    expect(await rowsLeft()).toBe(30);
    bus.fails = () => false;
    await eventually(async () => expect(await rowsLeft()).toBe(0), 10_000);
    expect(bus.sequencesOf('shop/prod/cart')).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  }, 30_000);

  test('goes on with other streams while one cannot be written', async () => {
    const bus = new MemoryBus();
    bus.fails = (stream) => stream === scaleService.stream.name;
    const relay = await startRelay(bus, 'a');
    const outbox = outboxOf(() => relay.wake());
    await db.database.transaction(async (tx) => {
      for (let n = 0; n < 50; n += 1) await outbox.append(tx, scaleService, command(`shop/prod/k${n}`));
      for (let n = 0; n < 50; n += 1) await outboxOfIpaas().tombstone(tx, serviceState, `shop/prod/k${n}`);
    });
    // A row goes a moment after its message was taken.
    await eventually(async () => expect([bus.sent.length, await rowsLeft()]).toEqual([50, 50]), 10_000);
  }, 30_000);

  test('goes on after every connection to the database was lost', async () => {
    const bus = new MemoryBus();
    const relay = await startRelay(bus, 'a');
    const outbox = outboxOf(() => relay.wake());
    await db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/cart')));
    await eventually(() => expect(bus.sequencesOf('shop/prod/cart')).toEqual([1]));
    await db.terminateConnections();
    await eventually(() => db.database.ping());
    await db.database.transaction((tx) => outbox.append(tx, scaleService, command('shop/prod/cart')));
    await eventually(() => expect(new Set(bus.sequencesOf('shop/prod/cart'))).toEqual(new Set([1, 2])), 10_000);
  }, 30_000);
});

describe('group commit', () => {
  test('serves 300 callers with a few transactions, and a bad item fails alone', async () => {
    const outbox = outboxOf();
    let transactions = 0;
    const group = new GroupCommit<string, string>({
      database: db.database,
      run: async (tx, keys) => {
        transactions += 1;
        if (keys.includes('bad')) throw new RangeError('bad key');
        const envelopes = await outbox.appendAll(
          tx,
          keys.map((key) => outbox.saying(scaleService, command(key))),
        );
        return envelopes.map(({ subject }) => subject);
      },
    });
    const keys = Array.from({ length: 300 }, (_, index) => `shop/prod/g${index % 40}`);
    expect(await Promise.all(keys.map((key) => group.submit(key)))).toEqual(keys);
    expect(transactions).toBeLessThan(4);
    expect(await rowsLeft()).toBe(300);

    const results = await Promise.allSettled(['shop/prod/a', 'bad', 'shop/prod/b'].map((key) => group.submit(key)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  }, 30_000);
});

test('an operation event of a conductor is keyed by its operation', async () => {
  const outbox = new Outbox('cluster-mgr', new SystemClock(), () => undefined);
  const envelope = await db.database.transaction((tx) =>
    outbox.append(tx, operationChangedBy['cluster-mgr'], {
      operationId: uid,
      kind: 'service.scale',
      target: 'shop/prod/a',
    }),
  );
  expect(envelope).toMatchObject({ subject: uid, source: 'cluster-mgr' });
});
