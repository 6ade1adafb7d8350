import { toHeaders } from '@berth/contracts';
import { Partitioners, type Message, type Producer } from 'kafkajs';
import type { RelayBus, RelayedRecord } from '../outbox/index.js';
import { createKafka, type KafkaOptions } from './kafka.js';

/**
 * Sends what the outbox relay brings. Tries little by itself: the relay keeps the rows, waits and sends again in order.
 * Not idempotent on purpose: that mode fails with sends at the same time, and inboxes drop what comes twice.
 */
export class BusProducer implements RelayBus {
  private readonly producer: Producer;
  private connected: Promise<void> | undefined;

  constructor(private readonly options: KafkaOptions) {
    this.producer = createKafka(options, 1, 3_000).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      idempotent: false,
      metadataMaxAge: 60_000,
    });
  }

  /** Resolves when all records are acknowledged by every in-sync replica; rejects within 8 s when some are not. */
  async send(stream: string, records: readonly RelayedRecord[]): Promise<void> {
    await this.sendRaw(
      stream,
      records.map(({ key, envelope, data }) => ({
        key,
        value: data,
        headers: toHeaders(envelope),
        timestamp: String(Date.parse(envelope.time)),
      })),
    );
  }

  /** Sends records as they are; for specs that need bad ones. */
  async sendRaw(stream: string, messages: Message[]): Promise<void> {
    await this.connect();
    await this.producer.send({ topic: (this.options.prefix ?? '') + stream, acks: -1, timeout: 2_500, messages });
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  private connect(): Promise<void> {
    this.connected ??= this.producer.connect().catch((error: unknown) => {
      this.connected = undefined;
      throw error;
    });
    return this.connected;
  }
}
