import { routeTable, type ReplayForecast } from '@berth/api';
import type { Actor, Envelope, OperationKind, ServiceName } from '@berth/contracts';
import { sortRecord, type ArrivedRecord } from './record.js';

/** What is known of a dead letter's surroundings when somebody thinks of replaying it. */
export interface Surroundings {
  /** Newest sequence that was handled of its source, stream and key. */
  readonly lastSequence: number;
  /** Messages of its key that wait. */
  readonly waitingBefore: number;
}

/** What a replay would do. Pure: the same rules as `RetryLoop`, asked before. */
export function forecastOf(record: ArrivedRecord, service: ServiceName, around: Surroundings): ReplayForecast {
  const { waitingBefore, lastSequence } = around;
  const sorted = sortRecord(record, service);
  if (sorted.kind === 'invalid') return { effect: 'unreadable', reason: sorted.reason, waitingBefore };
  if (sorted.kind === 'skip')
    return { effect: 'unreadable', reason: `this version does not handle the type ${sorted.type}`, waitingBefore };
  const { row, parsed } = sorted;
  if (row.kind === 'state') {
    const isOlder = parsed.envelope.sequence <= lastSequence;
    return { effect: isOlder ? 'older_state' : 'newest_state', reason: null, waitingBefore };
  }
  const opens = operationOpenedBy(row.type, service) !== undefined && parsed.envelope.operationId !== undefined;
  return { effect: opens ? 'new_operation' : 'handled_again', reason: null, waitingBefore };
}

/** The kind of operation that the command of a person to this service opens; undefined for all other messages. */
export function operationOpenedBy(type: string, service: ServiceName): OperationKind | undefined {
  return routeTable.find(({ owner, command }) => owner === service && command?.row.type === type)?.command?.operation;
}

/** The command as a new one: the operation it failed has ended, so it gets one of its own, in the name of who replays it. */
export function asNewCommand(record: ArrivedRecord, operationId: string, actor: Actor): ArrivedRecord {
  return {
    ...record,
    headers: { ...record.headers, ce_operationid: operationId, ce_actor: JSON.stringify(actor) },
  };
}

/** The envelope of a record that can be read that far. */
export function envelopeOf(record: ArrivedRecord, service: ServiceName): Envelope | null {
  const sorted = sortRecord(record, service);
  if (sorted.kind === 'handle') return sorted.parsed.envelope;
  return sorted.kind === 'invalid' ? sorted.envelope : null;
}
