import { writeFileSync } from 'node:fs';
import kafkajs, { type Admin, type Kafka, type SASLOptions } from 'kafkajs';
import type { Context } from '../context.js';

export function kafkaBrokers(context: Context): string {
  return context.settings.external.kafka ?? `127.0.0.1:${context.ports.engine.kafka}`;
}

export interface KafkaLogin {
  username: string;
  password: string;
  mechanism: string;
}

/** Who a principal is: itself at the local Kafka, the one given login at a real one, nobody where none was given. */
export function kafkaLogin(context: Context, principal: string): KafkaLogin | undefined {
  if (context.settings.external.kafka) return context.settings.kafkaLogin;
  return { username: principal, password: context.secrets.kafka[principal] ?? '', mechanism: 'plain' };
}

function saslOf(login: KafkaLogin | undefined): SASLOptions | undefined {
  if (!login) return undefined;
  const { username, password } = login;
  switch (login.mechanism) {
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      return { mechanism: login.mechanism, username, password };
    default:
      throw new Error(`BERTH_KAFKA_MECHANISM is ${login.mechanism}; there are plain, scram-sha-256 and scram-sha-512`);
  }
}

function kafkaClient(context: Context, requestTimeoutMs: number): Kafka {
  return new kafkajs.Kafka({
    clientId: 'berth-local',
    brokers: kafkaBrokers(context).split(','),
    sasl: saslOf(kafkaLogin(context, 'admin')),
    connectionTimeout: 3_000,
    requestTimeout: requestTimeoutMs,
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 200 },
  });
}

/** Runs some work as Kafka's administrator. */
export async function withAdmin<T>(
  context: Context,
  work: (admin: Admin) => Promise<T>,
  requestTimeoutMs = 30_000,
): Promise<T> {
  const admin = kafkaClient(context, requestTimeoutMs).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Throws unless the broker answers its administrator. */
export async function describeKafka(context: Context): Promise<void> {
  // Short, because a broker that is just starting may take a request and never answer it.
  const { brokers } = await withAdmin(context, (admin) => admin.describeCluster(), 2_000);
  if (brokers.length === 0) throw new Error('Kafka has no broker yet');
}

/** Ready-made settings for Kafka's own console tools, as the principal that reads from outside. */
export function writeReaderProperties(context: Context): void {
  const file = context.path('kafka', 'reader.properties');
  const login = `username="reader" password="${context.secrets.kafka.reader ?? ''}"`;
  const lines = [
    'security.protocol=SASL_PLAINTEXT',
    'sasl.mechanism=PLAIN',
    `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${login};`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
}
