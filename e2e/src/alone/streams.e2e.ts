import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { routes } from '@berth/api';
import { parseRecord, rowsByType, serviceState, streams } from '@berth/contracts';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { administrator } from '../people.js';
import { developerValue } from '../environment.js';
import { poisonPrefix } from '../sample.js';

const run = promisify(execFile);

/** Separators that no value has. */
const between = '\u0001';
const betweenHeaders = '\u0002';
const nothing = '\u0003';

interface Record_ {
  readonly headers: Record<string, string>;
  readonly key: string;
  readonly value: string | null;
}

/** Folder of Kafka's own jars, as the local platform cached them. */
function kafkaJars(): string {
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'berth');
  const folder = readdirSync(cache, { recursive: true, encoding: 'utf8' }).find((file) =>
    /kafka_2\.13-[\d.]+\.jar$/.test(file),
  );
  if (!folder) throw new Error('Kafka jars are not in the cache');
  return path.join(cache, path.dirname(folder));
}

/** Reads whole topics with Kafka's console consumer in a new group; it ends by its own timeout, with exit code 1 or 0. */
async function consumeAll(topics: readonly string[], properties: string): Promise<Record_[]> {
  const print = [
    'print.headers=true',
    'print.key=true',
    `key.separator=${between}`,
    `headers.separator=${betweenHeaders}`,
    `null.literal=${nothing}`,
  ];
  const args = [
    '--bootstrap-server',
    developerValue('BERTH_TEST_KAFKA_BROKERS'),
    '--include',
    topics.map((topic) => topic.replaceAll('.', '\\.')).join('|'),
    '--from-beginning',
    '--timeout-ms',
    '4000',
    '--consumer.config',
    properties,
  ];
  const consuming = run(
    'java',
    [
      '-cp',
      `${kafkaJars()}/*`,
      'org.apache.kafka.tools.consumer.ConsoleConsumer',
      ...args,
      ...print.flatMap((value) => ['--property', value]),
    ],
    { maxBuffer: 1 << 28 },
  );
  // Where somebody writes all the time there is no pause. A time-out of Node's own would lose the last words.
  const interrupt = setTimeout(() => consuming.child.kill('SIGINT'), 20_000);
  const { stdout, stderr } = await consuming
    .catch((error: { stdout: string; stderr: string }) => error)
    .finally(() => clearTimeout(interrupt));
  const counted = /Processed a total of (\d+) messages/.exec(stderr)?.[1];
  const records = stdout
    .split('\n')
    .filter((line) => line.includes(between))
    .map(readLine);
  if (Number(counted) !== records.length)
    throw new Error(
      `the console consumer read ${counted} records, ${records.length} were understood: ${stderr.slice(-500)}`,
    );
  return records.filter(({ key }) => !key.startsWith(poisonPrefix));
}

function readLine(line: string): Record_ {
  const [headers = '', key = '', value = ''] = line.split(between);
  const pairs = headers
    .split(betweenHeaders)
    .map((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1)] as const);
  return { headers: Object.fromEntries(pairs), key, value: value === nothing ? null : value };
}

/** What other internal systems see: Kafka's own tool, no code of ours on the way. */
describe('the streams, read with the console consumer of Kafka', () => {
  let properties: string;

  beforeAll(async () => {
    properties = path.join(mkdtempSync(path.join(tmpdir(), 'berth-')), 'client.properties');
    const login = `username="${developerValue('BERTH_TEST_KAFKA_USERNAME')}" password="${developerValue('BERTH_TEST_KAFKA_PASSWORD')}"`;
    writeFileSync(
      properties,
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${login};\n`,
      { mode: 0o600 },
    );
  });

  const open = streams.filter((stream) => stream.kind !== 'command').map((stream) => stream.name);

  test('every record of a state or event stream is a valid CloudEvent of the catalogue', async () => {
    const records = await consumeAll(open, properties);
    expect(records.length).toBeGreaterThan(0);
    for (const { headers, key, value } of records) {
      const parsed = parseRecord({ headers, value }, rowsByType);
      const reason = parsed.kind === 'invalid' ? parsed.reason : null;
      const { ce_type: type } = headers;
      expect({ key, type, kind: parsed.kind, reason }).toEqual({ key, type, kind: 'known', reason: null });
      expect(headers.ce_partitionkey).toBe(key);
    }
  });

  test('the compacted stream alone rebuilds the list of services', async () => {
    const rebuilt = new Map<string, { state: string; desired: number; ready: number; release: number }>();
    for (const record of await consumeAll([serviceState.stream.name], properties)) {
      const parsed = parseRecord(record, rowsByType);
      if (parsed.kind !== 'known') throw new Error('not readable');
      if (parsed.data === null) rebuilt.delete(record.key);
      else {
        const { state, desired, ready, release } = serviceState.schema.parse(parsed.data);
        rebuilt.set(record.key, { state, desired, ready, release });
      }
    }
    const admin = await administrator();
    const { items } = await admin.ok(routes.listServices, { query: { limit: 500 } });
    const listed = items
      .filter((row) => row.uid !== null)
      .map(
        (row) =>
          [
            `${row.project}/${row.environment}/${row.code}`,
            { state: row.state, desired: row.desired, ready: row.ready, release: row.release ?? 0 },
          ] as const,
      );
    expect(Object.fromEntries(rebuilt)).toEqual(Object.fromEntries(listed));
  });
});
