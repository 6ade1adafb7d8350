import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { cp, link, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEnv } from '../config.js';
import type { Context } from '../context.js';
import { asUser } from '../process.js';
import { orElse, run } from '../run.js';
import { writeText } from '../state.js';
import type { ProcessUnit, TaskUnit } from '../unit.js';
import { giveFile, ownDir } from '../user.js';
import { describeKafka } from './kafka-client.js';

const pom = (context: Context) => join(context.settings.checkout, 'deploy/local/kafka/pom.xml');

/** Fetches Apache Kafka's jars from Maven Central once and links them where the service user may read them. */
export function kafkaJarsUnit(context: Context): TaskUnit {
  return {
    kind: 'task',
    name: 'kafka-jars',
    title: 'Apache Kafka 4.1.0 from Maven Central',
    group: 'prepare',
    needs: [],
    async run(report) {
      const key = createHash('sha256')
        .update(readFileSync(pom(context)))
        .digest('hex')
        .slice(0, 12);
      const cached = join(context.settings.cacheDir, `kafka-${key}`);
      if (!existsSync(cached)) {
        report('downloading about 54 MB of jars with mvn');
        await download(pom(context), cached);
      }
      const jars = context.path('kafka', `jars-${key}`);
      if (!existsSync(jars)) await linkAll(cached, jars, () => ownDir(context.path('kafka'), context.user));
    },
  };
}

async function download(pomFile: string, target: string): Promise<void> {
  const part = `${target}.${process.pid}`;
  const args = [
    '-q',
    '-B',
    '-f',
    pomFile,
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${part}`,
  ];
  await run('mvn', args, { env: buildEnv(), timeoutMs: 900_000 }).catch(
    orElse(
      'Kafka could not be fetched; ~/.m2/settings.xml names a mirror of Maven Central, BERTH_KAFKA_BROKERS a real Kafka',
    ),
  );
  await rename(part, target);
}

/** Hard links cost nothing; across file systems the jars are copied. */
async function linkAll(from: string, to: string, prepare: () => void): Promise<void> {
  prepare();
  const part = `${to}.part`;
  rmSync(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o755 });
  for (const name of await readdir(from)) {
    const target = join(part, name);
    await link(join(from, name), target).catch(() => cp(join(from, name), target));
  }
  await rename(part, to);
}

export function kafkaUnit(context: Context): ProcessUnit {
  const dir = context.path('kafka');
  const { engine, kafkaController } = context.ports;
  return {
    kind: 'process',
    name: 'kafka',
    title: `Apache Kafka on 127.0.0.1:${engine.kafka}`,
    group: 'engine',
    needs: ['kafka-jars'],
    async process() {
      ownDir(dir, context.user);
      ownDir(join(dir, 'data'), context.user);
      const config = join(dir, 'server.properties');
      const text = properties(context, join(dir, 'data'), engine.kafka, kafkaController);
      for (const [file, content] of [
        [config, text],
        [join(dir, 'log4j2.properties'), logging],
      ] as const) {
        writeText(file, content, 0o600);
        giveFile(file, context.user);
      }
      const jars = join(
        dir,
        (await readdir(dir))
          .filter((name) => /^jars-[0-9a-f]+$/.test(name))
          .sort()
          .at(-1) ?? 'jars',
      );
      const java: [string, ...string[]] = [
        'java',
        '-cp',
        `${jars}/*`,
        `-Dlog4j2.configurationFile=${join(dir, 'log4j2.properties')}`,
      ];
      const { user } = context;
      if (!existsSync(join(dir, 'data', 'meta.properties'))) await format(context, java, config, dir);
      return {
        command: [
          ...java,
          '-Xmx512m',
          '-Xms128m',
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          // No file in /tmp that stays behind.
          '-XX:-UsePerfData',
          'kafka.Kafka',
          config,
        ],
        env: context.settings.childEnv,
        cwd: dir,
        user,
        stopTimeoutMs: 20_000,
        version: createHash('sha256').update(text).digest('hex'),
      };
    },
    ready: () => describeKafka(context),
  };
}

async function format(context: Context, java: string[], config: string, dir: string): Promise<void> {
  const clusterId = randomBytes(16).toString('base64url');
  const tool = ['kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', clusterId, '-c', config];
  const [command = '', ...args] = asUser(context.user, dir, [...java, ...tool]);
  await run(command, args, { cwd: dir, env: context.settings.childEnv });
}

/** Every principal has its password in this file, which only the broker's user can read; nothing is open by default. */
function properties(context: Context, data: string, port: number, controllerPort: number): string {
  const users = Object.entries(context.secrets.kafka).map(([name, password]) => `user_${name}="${password}"`);
  const admin = `username="admin" password="${context.secrets.kafka.admin ?? ''}"`;
  const jaas = `org.apache.kafka.common.security.plain.PlainLoginModule required ${admin} ${users.join(' ')};`;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.client.plain.sasl.jaas.config': jaas,
    'listener.name.controller.plain.sasl.jaas.config': jaas,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': 'User:admin',
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 10,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 10,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 3000,
    // Tombstones and compaction show within a test, not within a day.
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'log.cleaner.threads': 1,
    'num.network.threads': 2,
    'num.io.threads': 4,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const logging = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
`;
