import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import { rowsByType, streams, toHeaders } from '@berth/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, Partitioners, logLevel, type Producer } from 'kafkajs';
import { type ApiUser } from '@berth/local';
import { deployBody } from './bodies.js';
import { query } from './database.js';
import { developerValue } from './environment.js';
import { administrator } from './people.js';
import { eventually } from './platform.js';
import { sampleImage, sampleProject } from './sample.js';

/** Records that nobody of ours would write, in every partition of every stream that somebody reads. */
describe('a poison message on every stream', () => {
  const code = `poison-${randomUUID().slice(0, 6)}`;
  const consumed = streams.filter((stream) => stream.consumers.length > 0);
  let admin: ApiUser;
  let producer: Producer;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    const kafka = new Kafka({
      brokers: [developerValue('BERTH_TEST_KAFKA_BROKERS')],
      sasl: {
        mechanism: developerValue('BERTH_TEST_KAFKA_MECHANISM') as 'plain',
        username: developerValue('BERTH_TEST_KAFKA_USERNAME'),
        password: developerValue('BERTH_TEST_KAFKA_PASSWORD'),
      },
      logLevel: logLevel.NOTHING,
    });
    producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await admin.operate(routes.deployService, { params: service, body: deployBody(code, sampleImage('1.0')) });
  });
  afterAll(async () => {
    await producer.disconnect();
    await admin.operate(routes.deleteService, { params: service });
  });

  test.each(consumed.map((stream) => [stream.name, stream] as const))(
    '%s: it becomes a dead letter with its reason for each reader',
    async (name, stream) => {
      const row = [...rowsByType.values()].find((each) => each.stream.name === name);
      const subject = `poison/${randomUUID()}`;
      const headers = toHeaders({
        id: randomUUID(),
        source: 'nobody',
        type: row?.type ?? '',
        time: new Date().toISOString(),
        subject,
        sequence: 1,
        correlationId: subject,
      });
      await producer.send({
        topic: name,
        messages: Array.from({ length: stream.partitions }, (_, partition) => ({
          partition,
          key: subject,
          headers,
          value: '{bad',
        })),
      });
      for (const consumer of stream.consumers) {
        await eventually(
          `dead letters of ${consumer}`,
          async () => {
            const letters = await query<{ reason: string }>(
              consumer,
              `select reason from dead_letter where key = '${subject}'`,
            );
            return (
              letters.length === stream.partitions && letters.every((letter) => letter.reason.includes('not JSON'))
            );
          },
          15_000,
        );
      }
    },
  );

  test('and the work goes on behind all of them', async () => {
    expect(await admin.operate(routes.scaleService, { params: service, body: { replicas: 2 } }, 30_000)).toMatchObject({
      state: 'succeeded',
    });
  });

  test('the dead letters are discarded, so that the platform is clean', async () => {
    for (const consumer of new Set(consumed.flatMap((stream) => stream.consumers))) {
      await query(
        consumer,
        `update dead_letter set resolved_at = now(), resolved_by = 'e2e', resolution = 'discarded' where key like 'poison/%'`,
      );
    }
  });
});
