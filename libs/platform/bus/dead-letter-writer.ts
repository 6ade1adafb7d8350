import {
  cutText,
  operationChangedBy,
  OperationKind,
  plainText,
  type Conductor,
  type Envelope,
  type ServiceName,
} from '@berth/contracts';
import { problemOf } from '@berth/api';
import type { Outbox } from '../outbox/index.js';
import type { Tx } from '../postgres/index.js';
import { keepable, type ArrivedRecord } from './record.js';

export interface Burial {
  readonly record: ArrivedRecord;
  readonly envelope: Envelope | null;
  readonly reason: string;
  readonly error: string | null;
  readonly attempts: number;
  /** When it came for the first time, for a message that was tried again; it came just now otherwise. */
  readonly firstAt?: Date;
}

/** Writes dead letters, and fails the operation of a command that became one, so that nobody waits for it for ever. */
export class DeadLetterWriter {
  constructor(
    private readonly service: ServiceName,
    private readonly outbox: Outbox,
  ) {}

  /** False when the same record is an open dead letter already. */
  async write(tx: Tx, { record, envelope, error, attempts, firstAt, ...burial }: Burial): Promise<boolean> {
    const { stream, partition, offset, key, headers, value } = keepable(record);
    const reason = plainText(burial.reason);
    const rows = await tx.query(
      `insert into dead_letter
         (stream, partition, "offset", key, headers, value, type, envelope, reason, error, attempts, first_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (stream, partition, "offset") where resolved_at is null do nothing returning 1`,
      [
        stream,
        partition,
        offset,
        key,
        JSON.stringify(headers),
        value,
        envelope?.type ?? headers.ce_type ?? null,
        envelope && JSON.stringify(envelope),
        reason,
        error && plainText(error),
        attempts,
        firstAt ?? null,
      ],
    );
    if (rows.length > 0 && envelope) await this.failOperation(tx, record.stream, envelope, reason, attempts);
    return rows.length > 0;
  }

  private async failOperation(
    tx: Tx,
    stream: string,
    envelope: Envelope,
    reason: string,
    attempts: number,
  ): Promise<void> {
    const { operationId, actor, type, subject } = envelope;
    if (!stream.startsWith(`${this.service}.cmd.`) || !operationId || !isConductor(this.service)) return;
    const kind = operationKindOf(type);
    if (!kind) return;
    await this.outbox.append(
      tx,
      operationChangedBy[this.service],
      {
        operationId,
        kind,
        target: subject,
        state: 'failed',
        problem: problemOf('dead_letter', { attempts, reason: cutText(reason, 200) }),
        ...(actor && { actor }),
      },
      { causedBy: envelope },
    );
  }
}

/** True for the services that may say what became of an operation. */
export function isConductor(service: ServiceName): service is Conductor {
  return service in operationChangedBy;
}

/** Commands that services send one another on the way of an operation, by their verb. */
const kindOfVerb: Readonly<Record<string, OperationKind>> = { place: 'service.deploy', release: 'service.delete' };

/** The operation that a command belongs to, from its type `<service>.<aggregate>.<verb>.v<n>`. */
export function operationKindOf(type: string): OperationKind | undefined {
  const [, aggregate = '', verb = ''] = type.split('.');
  const candidates = [`${aggregate}.${verb}`, `service.${verb}`, kindOfVerb[verb]];
  return candidates.map((candidate) => OperationKind.safeParse(candidate).data).find((kind) => kind !== undefined);
}
