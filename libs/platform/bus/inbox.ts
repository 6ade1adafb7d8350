import type { Envelope, Message, ServiceName } from '@berth/contracts';
import { DatabaseUnavailable, InvalidMessage, messageOf } from '../errors/index.js';
import { withContext } from '../log/index.js';
import type { Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import { isRefusedData, type Database, type Tx } from '../postgres/index.js';
import type { Burial, DeadLetterWriter } from './dead-letter-writer.js';
import { sortRecord, type ArrivedRecord, type Sorted } from './record.js';
import { firstRetryMs } from './retry-schedule.js';
import * as store from './inbox.store.js';

/** Handlers by CloudEvents type. */
export interface MessageHandlers {
  handle(type: string, message: Message<unknown>, tx: Tx): Promise<void>;
}

export interface InboxOptions {
  readonly service: ServiceName;
  readonly database: Database;
  readonly handlers: MessageHandlers;
  readonly deadLetters: DeadLetterWriter;
  readonly log: Logger;
  /** Called when a message was put aside to be tried again. */
  readonly wakeRetries: () => void;
}

type ToHandle = Extract<Sorted, { kind: 'handle' }>;
type Outcome = 'handled' | 'duplicate' | 'stale' | 'parked';

/**
 * Takes records of one partition in order, each exactly once in effect: inbox row, sequence check, handler and its outbox
 * rows are one transaction. A record that fails goes aside and holds up nothing but its key.
 */
export class Inbox {
  private readonly taken = metrics.counter('berth_bus_messages_total', 'Records by what became of them', ['outcome']);
  private readonly handling = metrics.histogram('berth_bus_handler_seconds', 'Handlers of messages', ['type']);

  constructor(private readonly options: InboxOptions) {}

  /**
   * Resolves when every record is handled, dropped or put aside durably, so that their offsets may be committed.
   * @throws DatabaseUnavailable when the own database is away; then the same records must be taken again.
   */
  async take(records: readonly ArrivedRecord[]): Promise<void> {
    // Together first, because one commit for fifty small messages costs as much as one for one.
    if (records.length > 1 && (await this.takeTogether(records))) return;
    for (const record of records) await this.takeOne(record);
  }

  private async takeTogether(records: readonly ArrivedRecord[]): Promise<boolean> {
    const sorted = records.map((record) => ({ record, sorted: sortRecord(record, this.options.service) }));
    if (sorted.some((one) => one.sorted.kind === 'invalid')) return false;
    try {
      const outcomes = await this.options.database.transaction(async (tx) => {
        const results: string[] = [];
        for (const { record, sorted: one } of sorted)
          results.push(
            one.kind === 'handle'
              ? await this.receive(tx, record, one)
              : one.kind === 'skip'
                ? `skipped_${one.why}`
                : 'invalid',
          );
        return results;
      });
      outcomes.forEach((outcome) => this.taken.inc({ outcome }));
      return true;
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error;
      return false;
    }
  }

  private async takeOne(record: ArrivedRecord): Promise<void> {
    const sorted = sortRecord(record, this.options.service);
    if (sorted.kind === 'skip') {
      this.taken.inc({ outcome: `skipped_${sorted.why}` });
    } else if (sorted.kind === 'invalid') {
      await this.bury(record, sorted.envelope, sorted.reason, null);
    } else {
      await this.handleOne(record, sorted);
    }
  }

  private async handleOne(record: ArrivedRecord, sorted: ToHandle): Promise<void> {
    const { database } = this.options;
    try {
      const outcome = await database.transaction((tx) => this.receive(tx, record, sorted));
      this.taken.inc({ outcome });
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error;
      if (error instanceof InvalidMessage) return this.bury(record, sorted.parsed.envelope, error.message, error);
      await this.putAside(record, sorted.parsed.envelope, error);
    }
  }

  private async receive(tx: Tx, record: ArrivedRecord, { parsed }: ToHandle): Promise<Outcome> {
    const { envelope } = parsed;
    if (!(await store.remember(tx, envelope))) return 'duplicate';
    if (await store.isKeyBlocked(tx, record)) {
      await store.park(tx, record, envelope.type);
      tx.afterCommit(this.options.wakeRetries);
      return 'parked';
    }
    if (!(await store.advance(tx, record.stream, envelope))) return 'stale';
    await this.handle(tx, envelope, parsed.data);
    return 'handled';
  }

  /** Runs the handler of a message in its context. Also used for messages that waited. */
  async handle(tx: Tx, envelope: Envelope, data: unknown): Promise<void> {
    const stop = this.handling.startTimer({ type: envelope.type });
    const { correlationId, operationId, traceparent } = envelope;
    const context = { correlationId, ...(operationId && { operationId }), ...(traceparent && { traceparent }) };
    await withContext(context, () => this.options.handlers.handle(envelope.type, { envelope, data }, tx));
    stop();
  }

  private async putAside(record: ArrivedRecord, envelope: Envelope, error: unknown): Promise<void> {
    const { database, log, wakeRetries } = this.options;
    try {
      await database.transaction(async (tx) => {
        if (!(await store.remember(tx, envelope))) return;
        await store.putAside(tx, record, envelope.type, firstRetryMs, messageOf(error));
        tx.afterCommit(wakeRetries);
      });
    } catch (refusal) {
      if (!isRefusedData(refusal)) throw refusal;
      return this.bury(record, envelope, messageOf(refusal), error);
    }
    this.taken.inc({ outcome: 'put_aside' });
    log.warn('A message failed and is tried again later; others of its key wait behind it', {
      type: envelope.type,
      subject: envelope.subject,
      id: envelope.id,
      err: error,
    });
  }

  private async bury(record: ArrivedRecord, envelope: Envelope | null, reason: string, error: unknown): Promise<void> {
    const { log } = this.options;
    const burial = { record, envelope, reason, attempts: 1, error: error ? messageOf(error) : null };
    const isNew = await this.writeDeadLetter(burial).catch((refusal: unknown) => {
      if (!isRefusedData(refusal)) throw refusal;
      // Even its burial is refused: the place where it lies in its stream is enough to find it, and the next one must go on.
      const bare = { ...record, key: '', headers: {}, value: null };
      return this.writeDeadLetter({ ...burial, record: bare, envelope: null, error: messageOf(refusal) });
    });
    this.taken.inc({ outcome: isNew ? 'dead_letter' : 'duplicate' });
    if (!isNew) return;
    log.error('A message cannot be used; it is a dead letter now', {
      stream: record.stream,
      partition: record.partition,
      offset: record.offset,
      type: envelope?.type,
      reason,
    });
  }

  private writeDeadLetter(burial: Burial): Promise<boolean> {
    const { database, deadLetters } = this.options;
    return database.transaction(async (tx) => {
      if (burial.envelope && !(await store.remember(tx, burial.envelope))) return false;
      return deadLetters.write(tx, burial);
    });
  }
}
