import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type IHeaders } from 'kafkajs';
import { developerValue } from './environment.js';

/** The platform's Kafka with a developer's rights: for checks from outside only. */
export function developerKafka(): Kafka {
  return new Kafka({
    brokers: [developerValue('BERTH_TEST_KAFKA_BROKERS')],
    sasl: {
      mechanism: developerValue('BERTH_TEST_KAFKA_MECHANISM') as 'plain',
      username: developerValue('BERTH_TEST_KAFKA_USERNAME'),
      password: developerValue('BERTH_TEST_KAFKA_PASSWORD'),
    },
    logLevel: logLevel.NOTHING,
  });
}

/** A record as it stands in a topic. */
export interface Written {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
}

/** Everything that these topics hold now, the records of each partition in order. */
export async function readAll(topics: readonly string[], withinMs = 60_000): Promise<Written[]> {
  const kafka = developerKafka();
  const admin = kafka.admin();
  const groupId = `e2e-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId });
  await Promise.all([admin.connect(), consumer.connect()]);
  const ends = new Map<string, number>();
  for (const topic of topics)
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
  const written: Written[] = [];
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not read: ${[...ends.keys()].join()}`)), withinMs);
      const done = () => {
        clearTimeout(late);
        resolve();
      };
      if (ends.size === 0) done();
      void consumer.run({
        autoCommit: false,
        eachBatch: ({ batch }) => {
          for (const { key, headers, value } of batch.messages)
            written.push({
              topic: batch.topic,
              key: String(key),
              headers: textOf(headers),
              value: value && String(value),
            });
          const name = `${batch.topic}/${batch.partition}`;
          if (Number(batch.lastOffset()) + 1 >= (ends.get(name) ?? Infinity)) ends.delete(name);
          if (ends.size === 0) done();
          return Promise.resolve();
        },
      });
    });
    return written;
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

function textOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}
