import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { streams, type Stream } from '@berth/contracts';
import kafkajs, { type Consumer, type Kafka } from 'kafkajs';
import { readSettings } from '../config.js';
import { makeContext } from '../context.js';
import { ensureSecrets, readDesired, readState } from '../state.js';
import { kafkaBrokers } from './kafka-client.js';

const settings = readSettings();
const state = readState(settings);
if (!state) throw new Error('no platform runs here: npm run up');
const secrets = ensureSecrets(settings);
const context = makeContext({ settings, state, secrets, desired: readDesired(settings), user: undefined });

/** A client as one principal; `anonymous` has no name at all. */
function clientOf(principal: string, password = secrets.kafka[principal] ?? ''): Kafka {
  return new kafkajs.Kafka({
    clientId: `access-${principal}`,
    brokers: kafkaBrokers(context).split(','),
    ...(principal === 'anonymous' ? {} : { sasl: { mechanism: 'plain', username: principal, password } }),
    connectionTimeout: 3_000,
    requestTimeout: 3_000,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 0 },
  });
}

/** What the broker says to one request, `ok` when it answers it. The topics are asked for by name, nothing is written. */
async function offsets(principal: string, topic: string): Promise<string> {
  const admin = clientOf(principal).admin();
  try {
    await admin.connect();
    await admin.fetchTopicOffsets(topic);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await admin.disconnect();
  }
}

const stream = (kind: Stream['kind'], owner: Stream['owner']): string => {
  const found = streams.find((one) => one.kind === kind && one.owner === owner);
  if (!found) throw new Error(`there is no ${kind} stream of ${owner}`);
  return found.name;
};

describe('access to Kafka', () => {
  const consumers: Consumer[] = [];
  const join = async (principal: string, groupId: string, topic: string): Promise<string> => {
    const consumer = clientOf(principal).consumer({ groupId, retry: { retries: 0 } });
    consumers.push(consumer);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic });
      const crashed = new Promise<string>((resolve) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error.message));
        consumer.on(consumer.events.GROUP_JOIN, () => resolve('ok'));
      });
      await consumer.run({ eachMessage: () => Promise.resolve() });
      return await crashed;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  beforeAll(async () => {
    expect(await offsets('admin', stream('state', 'ipaas'))).toBe('ok');
  });

  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
  });

  test('nobody gets in without a name or with a wrong password', async () => {
    expect(await offsets('anonymous', stream('state', 'ipaas'))).not.toBe('ok');
    expect(await offsets('ipaas', stream('state', 'ipaas'))).toBe('ok');
    const admin = clientOf('ipaas', 'wrong').admin();
    await expect(admin.connect()).rejects.toThrow(/Authentication failed/);
    await admin.disconnect();
  });

  test('the outside reader sees public streams, and no command, event or state', async () => {
    expect(await offsets('reader', stream('public', 'ipaas'))).toBe('ok');
    for (const kind of ['command', 'event', 'state'] as const) {
      expect(await offsets('reader', stream(kind, 'ipaas'))).toMatch(/[Nn]ot authorized/);
    }
  });

  test('codeflow sees no stream of ipaas that the catalogue does not give it', async () => {
    const closed = streams.filter((one) => ![...one.producers, ...one.consumers].includes('codeflow'));
    expect(closed.length).toBeGreaterThan(5);
    for (const { name } of closed.slice(0, 6)) expect(await offsets('codeflow', name)).toMatch(/[Nn]ot authorized/);
  });

  test('a producer may write its command stream, another service may not', async () => {
    const topic = stream('command', 'ipaas');
    const intruder = clientOf('nginx-mgr').producer({ retry: { retries: 0 } });
    await intruder.connect();
    await expect(intruder.send({ topic, messages: [{ key: 'intruder', value: 'no' }] })).rejects.toThrow(
      /[Nn]ot authorized/,
    );
    await intruder.disconnect();
  });

  test('a service joins groups under its own name only', async () => {
    const topic = stream('state', 'ipaas');
    const reader = streams.find((one) => one.name === topic)?.consumers[0];
    if (!reader) throw new Error(`${topic} has no consumer`);
    const group = `access-spec-${Date.now()}`;
    expect(await join(reader, `${reader}.${group}`, topic)).toBe('ok');
    // Whoever may not use a group is not told either who keeps it.
    expect(await join(reader, `other.${group}`, topic)).toBe('Failed to find group coordinator');
  }, 30_000);

  test('no topic comes into being by a mistyped name', async () => {
    expect(await offsets('admin', 'ipaas.state.sevrice.v1')).not.toBe('ok');
  });
});
