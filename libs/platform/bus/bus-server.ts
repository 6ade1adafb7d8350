import { rowsConsumedBy, type Message, type ServiceName } from '@berth/contracts';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Logger } from '../log/index.js';
import type { Outbox } from '../outbox/index.js';
import type { Database, Tx } from '../postgres/index.js';
import { BusConsumer } from './consumer.js';
import { DeadLetterWriter } from './dead-letter-writer.js';
import { Inbox, type MessageHandlers } from './inbox.js';
import type { KafkaOptions } from './kafka.js';
import { RetryLoop } from './retry-loop.js';
import { ConsumerWatchdog } from './watchdog.js';

export interface BusServerOptions {
  readonly service: ServiceName;
  readonly kafka: KafkaOptions;
  readonly database: Database;
  readonly outbox: Outbox;
  readonly log: Logger;
  /** What to do with a consumer that cannot be brought to move: end the process. */
  readonly onDead: () => void;
}

/** The bus as a Nest transport: handlers are the methods marked with `@Handles`. */
export class BusServer extends Server implements CustomTransportStrategy, MessageHandlers {
  override readonly transportId = Symbol('berth-bus');
  /** Our inbox deals with what handlers throw; Nest must not log it as unhandled. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly retries: RetryLoop;
  private readonly watchdog: ConsumerWatchdog;
  private readonly consumer: BusConsumer;
  private readonly streams: readonly string[];

  constructor(private readonly options: BusServerOptions) {
    super();
    const { service, database, outbox, log, kafka } = options;
    const groupId = (kafka.prefix ?? '') + service;
    const deadLetters = new DeadLetterWriter(service, outbox);
    const inbox = new Inbox({
      service,
      database,
      log,
      deadLetters,
      handlers: this,
      wakeRetries: () => this.wakeRetries(),
    });
    this.streams = [...new Set(rowsConsumedBy(service).map((row) => row.stream.name))];
    this.retries = new RetryLoop({ service, database, inbox, deadLetters, log });
    this.watchdog = new ConsumerWatchdog({ kafka, groupId, log, onDead: options.onDead });
    this.consumer = new BusConsumer({ kafka, groupId, streams: this.streams, inbox, watchdog: this.watchdog, log });
  }

  /** Checks that every message of the catalogue for this service has a handler, then consumes in the background. */
  listen(callback: (error?: unknown) => void): void {
    const wanted = rowsConsumedBy(this.options.service).map((row) => row.type);
    const missing = wanted.filter((type) => !this.messageHandlers.has(type));
    const surplus = [...this.messageHandlers.keys()].filter((type) => !wanted.includes(type));
    if (missing.length > 0) return callback(new TypeError(`no @Handles method for ${missing.join(', ')}`));
    if (surplus.length > 0)
      return callback(new TypeError(`${this.options.service} does not consume ${surplus.join(', ')}`));
    this.retries.start();
    if (this.streams.length > 0) {
      this.watchdog.start();
      this.consumer.start();
    }
    callback();
  }

  async close(): Promise<void> {
    await Promise.all([this.consumer.stop(), this.retries.stop()]);
    await this.watchdog.stop();
  }

  async handle(type: string, message: Message<unknown>, tx: Tx): Promise<void> {
    const handler = this.messageHandlers.get(type);
    if (!handler) throw new TypeError(`no handler for ${type}`);
    const result: unknown = await handler(message, tx);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  /** There are new messages to try again. */
  wakeRetries(): void {
    this.retries.wake();
  }

  /** True when there is nothing to consume, or the consumer has joined and moves. */
  isHealthy(): boolean {
    return this.streams.length === 0 || this.watchdog.isHealthy();
  }

  on(): void {
    // The transport has no events of its own.
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }
}
