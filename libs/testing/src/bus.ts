import { randomBytes } from 'node:crypto';
import { streams } from '@berth/contracts';
import { BusProducer, kafkaAdmin, type KafkaOptions } from '@berth/platform/bus';
import { silentLogger } from '@berth/platform/log';
import type { RelayedRecord } from '@berth/platform/outbox';
import { testSetting } from './environment.js';

/** The catalogue's topics under a prefix of their own, on a real Kafka. */
export interface TestBus {
  /** For `BusServer` and `BusProducer`. */
  readonly kafka: KafkaOptions;
  /** Where the brokers are, for a proxy. */
  readonly broker: { readonly host: string; readonly port: number };
  /** Sends records as the outbox relay does. */
  send(stream: string, records: readonly RelayedRecord[]): Promise<void>;
  /** Sends what no service of ours would send. */
  sendRaw(
    stream: string,
    record: { key: string | Buffer | null; value: string | null; headers: Record<string, string | Buffer> },
  ): Promise<void>;
  /** Deletes the topics. */
  close(): Promise<void>;
}

/**
 * Creates topics on the Kafka of `BERTH_TEST_KAFKA_BROKERS` (with `_USERNAME`, `_PASSWORD`, `_MECHANISM`), from the
 * environment or from the local platform, which must run. `only` keeps a spec from creating the whole catalogue.
 */
export async function testBus(only: readonly string[] = streams.map(({ name }) => name)): Promise<TestBus> {
  const kafka = { ...connection(), prefix: `test-${randomBytes(4).toString('hex')}.` };
  const admin = kafkaAdmin(kafka);
  await admin.connect();
  const topics = streams.filter(({ name }) => only.includes(name));
  await admin.createTopics({
    waitForLeaders: true,
    topics: topics.map(({ name, partitions }) => ({ topic: kafka.prefix + name, numPartitions: partitions })),
  });
  const producer = new BusProducer(kafka);
  const [host = '', port = ''] = (kafka.brokers[0] as string).split(':');
  return {
    kafka,
    broker: { host, port: Number(port) },
    send: (stream, records) => producer.send(stream, records),
    sendRaw: (stream, { key, value, headers }) => producer.sendRaw(stream, [{ key, value, headers }]),
    async close() {
      await producer.close();
      await admin.deleteTopics({ topics: topics.map(({ name }) => kafka.prefix + name) });
      await admin.disconnect();
    },
  };
}

function connection(): KafkaOptions {
  const brokers = testSetting('BERTH_TEST_KAFKA_BROKERS');
  if (!brokers)
    throw new Error('no Kafka for the specs: start the local platform (npm run up) or set BERTH_TEST_KAFKA_BROKERS');
  // Credentials belong to the brokers they were given with.
  const beside = (name: string) => {
    const setting = testSetting(`BERTH_TEST_KAFKA_${name}`);
    return setting?.source === brokers.source ? setting.value : undefined;
  };
  return {
    brokers: brokers.value.split(','),
    clientId: 'spec',
    username: beside('USERNAME'),
    password: beside('PASSWORD'),
    mechanism: beside('MECHANISM') === 'plain' ? 'plain' : 'scram-sha-512',
    log: silentLogger(),
  };
}
