import { missing, type DeadLetter, type DeadLetterDetail } from '@berth/api';
import { operationChangedBy, type Actor, type ServiceName } from '@berth/contracts';
import { randomUUID } from 'node:crypto';
import { refuse } from '../errors/index.js';
import { metrics } from '../metrics/index.js';
import type { Outbox } from '../outbox/index.js';
import type { Database, Tx } from '../postgres/index.js';
import { isConductor } from './dead-letter-writer.js';
import * as letters from './dead-letters.store.js';
import type { DeadLetterFilter, StoredDeadLetter } from './dead-letters.store.js';
import { countWaiting, lastSequence, putBack } from './inbox.store.js';
import { maskedText } from './masked.js';
import type { ArrivedRecord } from './record.js';
import { asNewCommand, envelopeOf, forecastOf, operationOpenedBy } from './replay.js';

export interface DeadLettersOptions {
  readonly service: ServiceName;
  readonly database: Database;
  readonly outbox: Outbox;
  /** Called when a message was put back to be handled. */
  readonly wakeRetries: () => void;
}

/** The messages that this service put aside: what they were, and what becomes of them. */
export class DeadLetters {
  constructor(private readonly options: DeadLettersOptions) {
    metrics.gauge('berth_dead_letters', 'Open dead letters', [], async (gauge) => gauge.set(await this.countOpen()));
  }

  countOpen(): Promise<number> {
    return letters.countOpen(this.options.database);
  }

  /** Newest first. */
  async list(filter: DeadLetterFilter): Promise<DeadLetter[]> {
    const rows = await letters.list(this.options.database, filter);
    return rows.map((row) => this.shown(row));
  }

  /** One with its payload and what a replay would do. @throws ProblemError not_found */
  async get(id: number): Promise<DeadLetterDetail> {
    const { database, service } = this.options;
    const row = await letters.get(database, id);
    if (!row) throw refuse('not_found', missing('dead_letter'));
    const { record } = row;
    const envelope = envelopeOf(record, service);
    const around = {
      lastSequence: envelope ? await lastSequence(database, record.stream, envelope) : 0,
      waitingBefore: await countWaiting(database, record),
    };
    return {
      ...this.shown(row),
      headers: { ...record.headers },
      payload: record.value && maskedText(record.value),
      payloadBytes: record.value?.byteLength ?? 0,
      error: row.error,
      forecast: forecastOf(record, service, around),
    };
  }

  /**
   * Has the message handled once more, behind what waits of its key. A command of a person becomes a new one with an
   * operation of its own, whose id is the answer: its handler looks at the version of today. A state is dropped when a
   * newer one was handled. What fails again is a new dead letter.
   * @throws ProblemError not_found, nothing_to_do
   */
  async replay(id: number, by: Actor, cause: string): Promise<string | null> {
    const { database, wakeRetries } = this.options;
    return database.transaction(async (tx) => {
      const row = await this.open(tx, id);
      const operationId = await this.openOperation(tx, row.record, by);
      const record = operationId === null ? row.record : asNewCommand(row.record, operationId, by);
      await letters.resolve(tx, id, { by: by.name, cause, resolution: 'replayed', operationId });
      await putBack(tx, record, row.type ?? 'unknown');
      tx.afterCommit(wakeRetries);
      return operationId;
    });
  }

  /** Puts the message away for good. @throws ProblemError not_found, nothing_to_do */
  async discard(id: number, by: Actor, cause: string): Promise<void> {
    await this.options.database.transaction(async (tx) => {
      await this.open(tx, id);
      await letters.resolve(tx, id, { by: by.name, cause, resolution: 'discarded', operationId: null });
    });
  }

  private async open(tx: Tx, id: number): Promise<StoredDeadLetter> {
    const row = await letters.lock(tx, id);
    if (!row) throw refuse('not_found', missing('dead_letter'));
    if (row.resolution !== null)
      throw refuse('nothing_to_do', {
        why: 'letter_settled',
        reason: 'The dead letter was replayed or discarded already.',
      });
    return row;
  }

  private async openOperation(tx: Tx, record: ArrivedRecord, actor: Actor): Promise<string | null> {
    const { service, outbox } = this.options;
    const envelope = envelopeOf(record, service);
    const kind = envelope?.operationId && operationOpenedBy(envelope.type, service);
    if (!envelope || !kind || !isConductor(service)) return null;
    const operationId = randomUUID();
    const change = { operationId, kind, target: envelope.subject, actor, state: 'accepted' as const };
    await outbox.append(tx, operationChangedBy[service], change, { causedBy: envelope, operationId, actor });
    return operationId;
  }

  private shown({ record, error: _, ...row }: StoredDeadLetter): DeadLetter {
    const { stream, partition, offset, key } = record;
    const envelope = envelopeOf(record, this.options.service);
    return {
      ...row,
      owner: this.options.service,
      stream,
      partition,
      offset,
      key,
      operationId: envelope?.operationId ?? null,
      correlationId: envelope?.correlationId ?? null,
      firstSeenAt: row.firstSeenAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
    };
  }
}
