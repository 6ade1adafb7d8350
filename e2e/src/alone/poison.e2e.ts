import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import { rowsByType, streams, toHeaders } from '@berth/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Partitioners, type Admin, type Producer } from 'kafkajs';
import { type ApiUser } from '@berth/local';
import { deployBody } from '../bodies.js';
import { query } from '../database.js';
import { developerKafka } from '../kafka.js';
import { administrator } from '../people.js';
import { eventually } from '../platform.js';
import { poisonPrefix, sampleImage, sampleProject } from '../sample.js';

/** A record that nobody of ours would write, in every partition of every stream that somebody reads, and one behind it. */
describe('a poison message on every stream', () => {
  const code = `poison-${randomUUID().slice(0, 6)}`;
  const consumed = streams.filter((stream) => stream.consumers.length > 0);
  let admin: ApiUser;
  let producer: Producer;
  let groups: Admin;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    const kafka = developerKafka();
    producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    groups = kafka.admin();
    await Promise.all([producer.connect(), groups.connect()]);
    await admin.operate(routes.deployService, { params: service, body: deployBody(code, sampleImage('1.0')) });
  });
  afterAll(async () => {
    await Promise.all([producer.disconnect(), groups.disconnect()]);
    await admin.operate(routes.deleteService, { params: service });
  });

  /** Writes to every partition what cannot be read, and behind it what a later version may say; answers where each ends. */
  async function poison(stream: (typeof streams)[number], subject: string): Promise<Map<number, number>> {
    const type = [...rowsByType.values()].find((row) => row.stream.name === stream.name)?.type ?? '';
    const record = (partition: number, change: { type: string; value: string }) => ({
      partition,
      key: subject,
      value: change.value,
      headers: toHeaders({
        id: randomUUID(),
        source: stream.owner,
        type: change.type,
        time: new Date().toISOString(),
        subject,
        sequence: 1,
        correlationId: subject,
      }),
    });
    const written = await producer.send({
      topic: stream.name,
      messages: Array.from({ length: stream.partitions }, (_, partition) => [
        record(partition, { type, value: '{bad' }),
        record(partition, { type: type.replace(/v\d+$/, 'v99'), value: '{}' }),
      ]).flat(),
    });
    return new Map(written.map(({ partition, baseOffset }) => [partition, Number(baseOffset) + 2]));
  }

  /** In one partition, what our tables cannot hold as it came, and behind it what a later version may say. */
  async function poisonOddly(stream: (typeof streams)[number], subject: string): Promise<Map<number, number>> {
    const type = [...rowsByType.values()].find((row) => row.stream.name === stream.name)?.type ?? '';
    const headers = () =>
      toHeaders({
        id: randomUUID(),
        source: stream.owner,
        type,
        time: new Date().toISOString(),
        subject,
        sequence: 1,
        correlationId: subject,
      });
    const record = (change: { key?: string | Buffer; headers?: Record<string, string> }) => ({
      partition: 0,
      key: change.key ?? subject,
      value: '{bad',
      headers: { ...headers(), ...change.headers },
    });
    const messages = [
      record({ key: `${subject}\u0000` }),
      record({ key: Buffer.concat([Buffer.from(subject), Buffer.from([0xff, 0xfe])]) }),
      record({ headers: { ce_correlationid: '\u0000' } }),
      record({ headers: { 'a\u0000': 'b' } }),
      record({ headers: { large: 'x'.repeat(900_000) } }),
      record({ headers: { ce_type: type.replace(/v\d+$/, 'v99') } }),
    ];
    const [written] = await producer.send({ topic: stream.name, messages });
    return new Map([[0, Number(written?.baseOffset) + messages.length]]);
  }

  /** Whether a reader has dealt with everything before these offsets. */
  async function hasPassed(consumer: string, topic: string, ends: ReadonlyMap<number, number>): Promise<boolean> {
    const [at] = await groups.fetchOffsets({ groupId: consumer, topics: [topic] });
    const committed = new Map(at?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return [...ends].every(([partition, end]) => (committed.get(partition) ?? -1) >= end);
  }

  test.each(consumed.map((stream) => [stream.name, stream] as const))(
    '%s: each reader is past it within 1 s and keeps it as a dead letter with its reason',
    async (name, stream) => {
      const subject = `${poisonPrefix}${randomUUID()}`;
      const ends = await poison(stream, subject);
      await Promise.all(
        stream.consumers.map((consumer) =>
          eventually(`${consumer} past the poison`, () => hasPassed(consumer, name, ends), 1_000, 20),
        ),
      );
      for (const consumer of stream.consumers) {
        const letters = await query<{ partition: number; reason: string }>(
          consumer,
          `select partition, reason from dead_letter where key = '${subject}' order by partition`,
        );
        expect(letters.map(({ partition }) => partition)).toEqual([...ends.keys()].sort((a, b) => a - b));
        for (const { reason } of letters) expect(reason).toContain('not JSON');
      }
    },
  );

  test.each(consumed.map((stream) => [stream.name, stream] as const))(
    '%s: NUL, bytes that are no text and a header of 900 kB stop no reader: 5 dead letters within 5 s',
    async (name, stream) => {
      const subject = `${poisonPrefix}${randomUUID()}`;
      const ends = await poisonOddly(stream, subject);
      for (const consumer of stream.consumers) {
        await eventually(`${consumer} past the poison`, () => hasPassed(consumer, name, ends), 5_000, 50);
        const letters = await query(consumer, `select 1 from dead_letter where key like '${subject}%'`);
        expect(letters).toHaveLength(5);
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
        `update dead_letter set resolved_at = now(), resolved_by = 'e2e', resolution = 'discarded' where key like '${poisonPrefix}%'`,
      );
      expect(await query(consumer, 'select stream, reason from dead_letter where resolved_at is null')).toEqual([]);
    }
  });
});
