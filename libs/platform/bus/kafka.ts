import { connect } from 'node:net';
import { Kafka, logLevel, type Admin, type ISocketFactory, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Logger } from '../log/index.js';
import { mendRequestTimer } from './kafkajs-timer.js';

/** How to reach the brokers. */
export interface KafkaOptions {
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas. */
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly tls?: boolean;
  /** In front of the names of topics and groups, when several installations share brokers. */
  readonly prefix?: string;
  /** Connects there instead of where the brokers say they are: through a tunnel, without TLS. */
  readonly via?: { readonly host: string; readonly port: number };
  readonly log: Logger;
}

mendRequestTimer();

/** Pauses between tries stay short, so that everything is back within seconds of a broker's return. */
const retry = { initialRetryTime: 200, maxRetryTime: 2_000, factor: 0.2, multiplier: 2 };

/** A client; `retries` is how often one call is tried again before it fails. */
export function createKafka(options: KafkaOptions, retries: number, requestTimeoutMs: number): Kafka {
  return new Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    ssl: options.tls ?? false,
    ...(options.username !== undefined && { sasl: saslOf(options) }),
    ...(options.via && { socketFactory: tunnelTo(options.via) }),
    connectionTimeout: 2_000,
    authenticationTimeout: 5_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: { ...retry, retries },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeEntry(options.log, entry),
  });
}

/** An administration client, for the local platform and for specs; connect and disconnect it yourself. */
export function kafkaAdmin(options: KafkaOptions): Admin {
  return createKafka(options, 5, 15_000).admin();
}

function saslOf({ username = '', password = '', mechanism = 'scram-sha-512' }: KafkaOptions): SASLOptions {
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}

function tunnelTo({ host, port }: { host: string; port: number }): ISocketFactory {
  return ({ onConnect }) => connect({ host, port, keepAlive: true }, onConnect);
}

/** A broker that is away makes the client complain several times a second; what matters of that is said by us, once. */
function writeEntry(log: Logger, { namespace, level, log: entry }: LogEntry): void {
  const { message, logger: _, timestamp: __, stack: ___, ...fields } = entry;
  const write =
    level <= logLevel.ERROR && !/connection|crash|restart|response|request/i.test(message) ? 'warn' : 'debug';
  log[write](`kafka: ${message}`, { namespace, ...fields });
}
