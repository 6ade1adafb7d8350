import { randomUUID } from 'node:crypto';
import type { DataOf, Envelope, Message, MessageRow } from '@berth/contracts';
import type { RelayedRecord } from '@berth/platform/outbox';
import type { z } from 'zod';

/** Attributes of an envelope that a spec cares about. */
export type EnvelopeOf = Partial<Envelope>;

/** An envelope for a message of the row with this key; sequence 1 and fresh ids unless given. */
export function anEnvelope(row: MessageRow, key: string, attributes: EnvelopeOf = {}): Envelope {
  return {
    id: randomUUID(),
    source: row.stream.producers[0] ?? row.stream.owner,
    type: row.type,
    time: '2026-01-01T00:00:00.000Z',
    subject: key,
    sequence: 1,
    correlationId: 'spec',
    ...attributes,
  };
}

/** A message as a handler gets it; the data is checked against the row's schema. */
export function aMessage<Row extends MessageRow>(
  row: Row,
  data: z.input<Row['schema']>,
  attributes: EnvelopeOf = {},
): Message<DataOf<Row>> {
  const parsed = row.schema.parse(data) as DataOf<Row>;
  return { envelope: anEnvelope(row, row.key(parsed), attributes), data: parsed };
}

/** A message as the relay sends it; `data: null` is a tombstone and needs `subject`. */
export function aRecord<Row extends MessageRow>(
  row: Row,
  data: z.input<Row['schema']> | null,
  attributes: EnvelopeOf = {},
): RelayedRecord {
  const key = data === null ? (attributes.subject ?? '') : row.key(row.schema.parse(data) as DataOf<Row>);
  const envelope = anEnvelope(row, key, attributes);
  return { key, envelope, data: data === null ? null : JSON.stringify(data) };
}
