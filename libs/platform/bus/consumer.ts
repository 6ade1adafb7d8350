import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import { DatabaseUnavailable, messageOf } from '../errors/index.js';
import type { Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import type { Inbox } from './inbox.js';
import { createKafka, type KafkaOptions } from './kafka.js';
import type { ArrivedRecord } from './record.js';
import type { ConsumerWatchdog } from './watchdog.js';

export interface BusConsumerOptions {
  readonly kafka: KafkaOptions;
  readonly groupId: string;
  readonly streams: readonly string[];
  readonly inbox: Pick<Inbox, 'take'>;
  readonly watchdog: ConsumerWatchdog;
  readonly log: Logger;
}

/** Records of one transaction at most. */
const chunkRecords = 50;
const restartMs = 1_000;

/**
 * Reads streams as a member of the service's group and commits an offset only when the inbox has durably dealt with
 * everything before it. Whatever ends the client's consumer, a new one is made.
 */
export class BusConsumer {
  private readonly lag = metrics.gauge('berth_bus_lag_records', 'Records behind the end', ['stream', 'partition']);
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly prefix: string;

  constructor(private readonly options: BusConsumerOptions) {
    this.prefix = options.kafka.prefix ?? '';
  }

  start(): void {
    this.running ??= this.keepConsuming();
  }

  /** Ends after the records at hand and leaves the group, so that other copies take over at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async keepConsuming(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const consumer = this.createConsumer();
      await this.consumeUntilItEnds(consumer).catch((error: unknown) =>
        this.options.log.warn('Cannot consume; trying again', { reason: messageOf(error) }),
      );
      // With the brokers away a polite goodbye can take long.
      await Promise.race([consumer.disconnect().catch(() => undefined), delay(5_000, undefined, { ref: false })]);
      await delay(restartMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private createConsumer(): Consumer {
    return createKafka(this.options.kafka, 5, 10_000).consumer({
      groupId: this.options.groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: 2_000,
      maxWaitTimeInMs: 500,
      minBytes: 1,
      maxBytesPerPartition: 1_048_576,
      maxBytes: 5 * 1_048_576,
      metadataMaxAge: 60_000,
      allowAutoTopicCreation: false,
      // A new one is made by us: the client's own restart goes on after its disconnect, for as long as the brokers are away.
      retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  private async consumeUntilItEnds(consumer: Consumer): Promise<void> {
    const { watchdog, log, streams } = this.options;
    const { signal } = this.stopping;
    const ended = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        log.warn('The consumer crashed; a new one takes its place', { reason: messageOf(payload.error) });
        resolve();
      });
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      log.info('Joined the group', { assignment: payload.memberAssignment });
      watchdog.joined(payload.memberAssignment);
    });
    consumer.on(consumer.events.FETCH, () => watchdog.fetched());
    await consumer.connect();
    // A new group starts at the oldest record: state streams are rebuilt, and the inbox makes old ones safe.
    await consumer.subscribe({ topics: streams.map((stream) => this.prefix + stream), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (payload) => this.consumeBatch(payload),
    });
    await ended;
  }

  private async consumeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale } = payload;
    const { topic, partition, messages } = batch;
    const stream = topic.slice(this.prefix.length);
    const name = `${stream}/${partition}`;
    const goesOn = () => isRunning() && !isStale() && !this.stopping.signal.aborted;
    const { watchdog } = this.options;
    for (let from = 0; from < messages.length && goesOn(); from += chunkRecords) {
      const chunk = messages.slice(from, from + chunkRecords);
      const records = chunk.map((message) => recordOf(stream, partition, message));
      watchdog.taken(name, Number((chunk[0] as KafkaMessage).offset));
      if (!(await this.takeWhenPossible(records, name, payload, goesOn))) return;
      const last = Number((chunk.at(-1) as KafkaMessage).offset);
      resolveOffset(String(last));
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(last + 1) }] }] });
      watchdog.committed(name);
      this.lag.set({ stream, partition }, Math.max(0, Number(batch.highWatermark) - last - 1));
      await heartbeat();
    }
  }

  /** Holds the partition, with heartbeats, while the own database is away. False when it must be left before. */
  private async takeWhenPossible(
    records: readonly ArrivedRecord[],
    name: string,
    { heartbeat }: EachBatchPayload,
    goesOn: () => boolean,
  ): Promise<boolean> {
    for (let waited = false; goesOn(); waited = true) {
      try {
        await this.options.inbox.take(records);
        if (waited) this.options.log.info('The database is back; consuming goes on', { partition: name });
        return true;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error;
        if (!waited) this.options.log.warn('The database is away; consuming waits', { partition: name });
        await delay(300);
        await heartbeat();
        this.options.watchdog.excused(name);
      }
    }
    return false;
  }
}

function recordOf(stream: string, partition: number, { offset, key, headers, value }: KafkaMessage): ArrivedRecord {
  return {
    stream,
    partition,
    offset: Number(offset),
    key: key?.toString('utf8') ?? '',
    headers: textHeaders(headers ?? {}),
    value,
  };
}

function textHeaders(headers: IHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  ) as Record<string, string>;
}
