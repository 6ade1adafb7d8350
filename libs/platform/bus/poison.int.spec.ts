import { randomUUID } from 'node:crypto';
import {
  observedCluster,
  readmitCluster,
  rowsConsumedBy,
  scaleService,
  serviceState,
  toHeaders,
  type Message,
} from '@berth/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { aRecord, eventually, testBus, testDatabase, type TestBus, type TestDatabase } from '@berth/testing';
import { SystemClock } from '../clock/index.js';
import { Outbox, type RelayedRecord } from '../outbox/index.js';
import { InvalidMessage, TransientError } from '../errors/index.js';
import { copyOfService, effectsOf, effectTable, scaleCommand } from './consumer.rig.js';
import { DeadLetters } from './dead-letters.js';

const rows = rowsConsumedBy('cluster-mgr');
const stream = scaleService.stream.name;
const poison = 'shop/prod/poison';
let bus: TestBus;
let db: TestDatabase;
let copy: ReturnType<typeof copyOfService>;
let behave: (message: Message<unknown>) => void = () => undefined;

beforeAll(async () => {
  bus = await testBus(rows.map((row) => row.stream.name));
});
afterAll(() => bus.close());
beforeEach(async () => {
  db = await testDatabase('cluster-mgr');
  await db.database.query(effectTable);
  behave = () => undefined;
  copy = copyOfService(db, { ...bus.kafka }, (message) => Promise.resolve(behave(message)));
  copy.start();
  await eventually(() => expect(copy.server.isHealthy()).toBe(true), 30_000);
});
afterEach(async () => {
  await copy.server.close();
  await db.close();
});

/** Keys that fall into the partition of `poison` are not needed: with enough keys some do. */
const bystanders = (name: string) => Array.from({ length: 30 }, (_, index) => `shop/prod/${name}${index}`);
const letters = () =>
  new DeadLetters({
    service: 'cluster-mgr',
    database: db.database,
    outbox: new Outbox('cluster-mgr', new SystemClock(), () => undefined),
    wakeRetries: () => copy.server.wakeRetries(),
  });
const lin = { id: 'u-lin', name: 'lin', channel: 'portal' as const };
const open = () => letters().list({ limit: 50, state: 'open' });
const soon = () =>
  db.database.query('update retry set next_at = clock_timestamp()').then(() => copy.server.wakeRetries());

/** How long `send` and then `done` take. */
async function took(send: () => Promise<void>, done: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await send();
  await eventually(done, 20_000);
  return performance.now() - startMs;
}

function failOn(key: string, error: Error): void {
  behave = ({ envelope }) => {
    if (envelope.subject === key) throw error;
  };
}

describe('a message whose handler fails', () => {
  test('holds up its own key only: 30 other keys behind it are not 1 s later for it, and its followers keep their order', async () => {
    const others = bystanders('by');
    const done = (sequence: number) => async () => {
      for (const key of others) expect((await effectsOf(db, key)).at(-1)).toBe(sequence);
    };
    const commands = (sequence: number) => others.map((key) => scaleCommand(key, sequence));
    const withoutMs = await took(() => bus.send(stream, commands(1)), done(1));

    failOn(poison, new TransientError('not now'));
    const around = [scaleCommand(poison, 1), ...commands(2), scaleCommand(poison, 2)];
    const withPoisonMs = await took(() => bus.send(stream, around), done(2));
    expect(withPoisonMs - withoutMs).toBeLessThan(1_000);
    await eventually(async () => expect(await db.database.query('select 1 from retry')).toHaveLength(2), 2_000);
    expect(await effectsOf(db, poison)).toEqual([]);

    behave = () => undefined;
    await bus.send(stream, [scaleCommand(poison, 3)]);
    await eventually(async () => expect(await effectsOf(db, poison)).toEqual([1, 2, 3]), 10_000);
    expect(await db.database.query('select 1 from retry')).toEqual([]);
  }, 60_000);

  test('becomes a dead letter after 5 tries, fails its operation, and lets the next one of its key go on', async () => {
    const key = `${poison}5`;
    const operationId = randomUUID();
    failOn(key, new RangeError('replicas are odd'));
    await bus.send(stream, [scaleCommand(key, 1, operationId), scaleCommand(key, 2)]);
    await eventually(
      async () => {
        await soon();
        expect(await open()).toHaveLength(1);
      },
      20_000,
      100,
    );
    behave = () => undefined;
    await eventually(
      async () => {
        await soon();
        expect(await effectsOf(db, key)).toEqual([2]);
      },
      20_000,
      100,
    );

    const [letter] = await open();
    expect(letter).toMatchObject({ stream, key, type: scaleService.type, reason: 'replicas are odd', attempts: 5 });
    const [event] = await db.database.query<{ data: string; stream: string }>('select stream, data from outbox');
    expect(event?.stream).toBe('cluster-mgr.evt.operation.v1');
    expect(JSON.parse(event?.data ?? '')).toMatchObject({
      operationId,
      kind: 'service.scale',
      target: key,
      state: 'failed',
      problem: { code: 'dead_letter' },
    });
  }, 60_000);

  test('that says it is invalid becomes a dead letter at once', async () => {
    const key = `${poison}6`;
    failOn(key, new InvalidMessage('no such thing'));
    await bus.send(stream, [scaleCommand(key, 1)]);
    await eventually(
      async () => expect(await open()).toMatchObject([{ key, reason: 'no such thing', attempts: 1 }]),
      5_000,
    );
  }, 30_000);
});

/** Two good messages of one key for each stream that cluster-mgr reads. */
const goodOn: Readonly<Record<string, RelayedRecord[]>> = {
  [scaleService.stream.name]: [1, 2].map((sequence) => scaleCommand('shop/prod/behind', sequence)),
  [readmitCluster.stream.name]: [1, 2].map((sequence) => aRecord(readmitCluster, { name: 'beijing' }, { sequence })),
  [serviceState.stream.name]: [1, 2].map((sequence) =>
    aRecord(serviceState, null, { subject: 'shop/prod/behind', sequence }),
  ),
  [observedCluster.stream.name]: [1, 2].map((sequence) =>
    aRecord(observedCluster, null, { subject: 'beijing', sequence }),
  ),
};

describe('a record that cannot be read', () => {
  test.each([...new Set(rows.map((row) => row.stream.name))])(
    'on %s is a dead letter with its bytes and reason, and the one behind it on its partition is not 1 s later for it',
    async (topic) => {
      const [first, behind] = goodOn[topic] as [RelayedRecord, RelayedRecord];
      const done = (sequence: number) => async () => expect((await effectsOf(db, behind.key)).at(-1)).toBe(sequence);
      const withoutMs = await took(() => bus.send(topic, [first]), done(1));

      const headers = { ...toHeaders(behind.envelope), ce_id: randomUUID() };
      const sendBoth = async () => {
        await bus.sendRaw(topic, { key: behind.key, value: '{bad json', headers });
        await bus.send(topic, [behind]);
      };
      expect((await took(sendBoth, done(2))) - withoutMs).toBeLessThan(1_000);
      const [letter] = await open();
      expect(letter).toMatchObject({ stream: topic, reason: 'the value is not JSON', resolution: null });
      expect(await letters().get(letter?.id ?? 0)).toMatchObject({
        payload: '{bad json',
        headers,
        forecast: { effect: 'unreadable', reason: 'the value is not JSON' },
      });
    },
    30_000,
  );

  const headersOf = (record: RelayedRecord) => ({ ...toHeaders(record.envelope), ce_id: randomUUID() });
  test.each<
    [string, (good: RelayedRecord) => { key: string | Buffer; value: string; headers: Record<string, string | Buffer> }]
  >([
    ['a NUL in its key', (good) => ({ key: `${good.key}\u0000`, value: '{}', headers: headersOf(good) })],
    [
      'a NUL in its key and subject',
      (good) => {
        const subject = `${good.key}\u0000`;
        return { key: subject, value: good.data ?? '', headers: { ...headersOf(good), ce_subject: subject } };
      },
    ],
    [
      'a NUL in a header',
      (good) => ({ key: good.key, value: '{', headers: { ...headersOf(good), ce_actor: '\u0000' } }),
    ],
    [
      'a NUL in the name of a header',
      (good) => ({ key: good.key, value: '{', headers: { ...headersOf(good), 'a\u0000': 'b' } }),
    ],
    [
      'a NUL in its correlation id',
      (good) => ({ key: good.key, value: '{', headers: { ...headersOf(good), ce_correlationid: 'a\u0000' } }),
    ],
    [
      'half a character in its actor',
      (good) => ({
        key: good.key,
        value: good.data ?? '',
        headers: { ...headersOf(good), ce_actor: '{"id":"u","name":"\\ud83d\\u0000","channel":"portal"}' },
      }),
    ],
    [
      'a key that is no UTF-8',
      (good) => ({ key: Buffer.from([0xff, 0xfe, 0x00]), value: '{}', headers: headersOf(good) }),
    ],
    [
      'a header of 900 kB',
      (good) => ({ key: good.key, value: '{', headers: { ...headersOf(good), big: 'x'.repeat(900_000) } }),
    ],
    [
      'a type of 100 kB',
      (good) => ({ key: good.key, value: '{', headers: { ...headersOf(good), ce_type: 'x'.repeat(100_000) } }),
    ],
  ])(
    'because of %s is a dead letter, and the one behind it is handled',
    async (_, make) => {
      const behind = scaleCommand('shop/prod/odd', 1);
      const { key, ...rest } = make(behind);
      await bus.sendRaw(stream, { key, ...rest });
      await bus.send(stream, [behind]);
      await eventually(async () => expect(await effectsOf(db, behind.key)).toEqual([1]), 10_000);
      await eventually(async () => expect(await open()).toHaveLength(1), 10_000);
      expect(copy.server.isHealthy()).toBe(true);
    },
    30_000,
  );

  test('because its type is not known yet is skipped', async () => {
    const known = scaleCommand('shop/prod/unknown', 1);
    await bus.sendRaw(stream, {
      key: known.key,
      value: '{}',
      headers: { ...toHeaders(known.envelope), ce_type: 'cluster-mgr.moon.land.v9' },
    });
    await bus.send(stream, [known]);
    await eventually(async () => expect(await effectsOf(db, known.key)).toEqual([1]), 5_000);
    expect(await open()).toEqual([]);
  }, 30_000);
});

describe('a dead letter', () => {
  /** Buries the first command of a key; resolves to its id. */
  async function buried(key: string, operationId?: string): Promise<number> {
    failOn(key, new InvalidMessage('not yet'));
    await bus.send(stream, [scaleCommand(key, 1, operationId)]);
    await eventually(async () => expect(await open()).toHaveLength(1), 5_000);
    behave = () => undefined;
    return (await open())[0]?.id ?? 0;
  }

  test('that is replayed has its effect once, even when a later message of its key was handled and it is clicked 5 times', async () => {
    const key = `${poison}7`;
    const id = await buried(key);
    await bus.send(stream, [scaleCommand(key, 2)]);
    await eventually(async () => expect(await effectsOf(db, key)).toEqual([2]), 5_000);

    expect((await letters().get(id)).forecast).toEqual({ effect: 'handled_again', reason: null, waitingBefore: 0 });
    const clicks = await Promise.allSettled([...Array(5)].map(() => letters().replay(id, lin, 'mended')));
    expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const click of clicks)
      if (click.status === 'rejected') expect(click.reason).toMatchObject({ problem: { code: 'nothing_to_do' } });
    await eventually(async () => expect(await db.database.query('select 1 from retry')).toEqual([]), 5_000);
    expect(await effectsOf(db, key)).toEqual([2, 1]);
    expect((await letters().list({ limit: 5, state: 'resolved' }))[0]).toMatchObject({
      resolution: 'replayed',
      resolvedBy: 'lin',
      resolutionCause: 'mended',
    });
  }, 30_000);

  test('of a person’s command is replayed as an operation of its own, in the name of who replays it', async () => {
    const failed = randomUUID();
    const id = await buried(`${poison}9`, failed);
    let heard: Message<unknown>['envelope'] | undefined;
    behave = ({ envelope }) => void (heard = envelope);
    expect((await letters().get(id)).forecast.effect).toBe('new_operation');
    const operationId = await letters().replay(id, lin, 'mended');
    await eventually(() => expect(heard?.operationId).toBe(operationId), 5_000);
    expect(heard?.actor).toEqual(lin);
    const said = (await db.database.query<{ data: string }>('select data from outbox order by position')).map(
      ({ data }) => JSON.parse(data) as { operationId: string; state: string },
    );
    expect(said).toMatchObject([
      { operationId: failed, state: 'failed' },
      { operationId, state: 'accepted', kind: 'service.scale', actor: lin },
    ]);
  }, 30_000);

  test('that is discarded is no longer open, and one that never was is not found', async () => {
    await letters().discard(await buried(`${poison}8`), lin, 'made by hand');
    expect(await open()).toEqual([]);
    await expect(letters().discard(999, lin, 'x')).rejects.toMatchObject({ problem: { code: 'not_found' } });
  }, 30_000);

  test('is listed in pages without gap or repetition', async () => {
    for (let index = 0; index < 7; index += 1)
      await bus.sendRaw(stream, { key: `shop/prod/page${index}`, value: '{', headers: {} });
    await eventually(async () => expect(await open()).toHaveLength(7), 10_000);
    const seen: number[] = [];
    for (let before: { at: string; id: number } | undefined; ;) {
      const rows = await letters().list({ limit: 3, state: 'open', before });
      seen.push(...rows.map(({ id }) => id));
      const last = rows.at(-1);
      if (!last) break;
      before = { at: last.lastSeenAt, id: last.id };
    }
    expect(seen).toEqual((await open()).map(({ id }) => id));
  }, 30_000);

  test('comes with the payload, and what is named like a secret is masked', async () => {
    const value = JSON.stringify({ key: 'shop/prod/x', token: 'abc', spec: { registryPassword: 'def', replicas: 2 } });
    await bus.sendRaw(stream, { key: 'shop/prod/x', value, headers: {} });
    await eventually(async () => expect(await open()).toHaveLength(1), 5_000);
    const { payload } = await letters().get((await open())[0]?.id ?? 0);
    expect(JSON.parse(payload ?? '')).toEqual({
      key: 'shop/prod/x',
      token: '•••',
      spec: { registryPassword: '•••', replicas: 2 },
    });
  }, 30_000);
});
