import type { Envelope } from './envelope.js';
import { Envelope as EnvelopeSchema } from './envelope.js';
import type { MessageRow } from './define.js';

/** A record as it came from the wire: header values and body are untrusted text. */
export interface WireRecord {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: string | null;
}

export type Parsed<Row extends MessageRow = MessageRow> =
  | { readonly kind: 'known'; readonly row: Row; readonly envelope: Envelope; readonly data: unknown }
  | { readonly kind: 'unknown'; readonly type: string; readonly envelope: Envelope }
  | { readonly kind: 'invalid'; readonly reason: string; readonly envelope: Envelope | null };

const attributes = ['id', 'source', 'type', 'time', 'subject', 'uid'] as const;

/** Names of Berth's CloudEvents extension attributes (lower case, as CloudEvents asks). */
const extensions = {
  sequence: 'sequence',
  correlationId: 'correlationid',
  causationId: 'causationid',
  operationId: 'operationid',
  actor: 'actor',
  traceparent: 'traceparent',
} as const;

/** The `ce_*` headers of an envelope: CloudEvents 1.0, Kafka binding, binary mode. */
export function toHeaders(envelope: Envelope): Record<string, string> {
  const headers: Record<string, string> = { ce_specversion: '1.0', 'content-type': 'application/json' };
  for (const name of attributes) {
    const value = envelope[name];
    if (value !== undefined) headers[`ce_${name}`] = value;
  }
  headers.ce_partitionkey = envelope.subject;
  headers.ce_sequence = String(envelope.sequence);
  headers.ce_correlationid = envelope.correlationId;
  if (envelope.causationId) headers.ce_causationid = envelope.causationId;
  if (envelope.operationId) headers.ce_operationid = envelope.operationId;
  if (envelope.traceparent) headers.ce_traceparent = envelope.traceparent;
  if (envelope.actor) headers.ce_actor = JSON.stringify(envelope.actor);
  return headers;
}

/**
 * Reads a record by the catalogue. Never throws: what cannot be read is `invalid` with a reason that names the field and
 * quotes no value, because values may be secret.
 */
export function parseRecord<Row extends MessageRow>(record: WireRecord, rows: ReadonlyMap<string, Row>): Parsed<Row> {
  const envelope = parseEnvelope(record.headers);
  if (typeof envelope === 'string') return { kind: 'invalid', reason: envelope, envelope: null };
  const row = rows.get(envelope.type);
  if (!row) return { kind: 'unknown', type: envelope.type, envelope };
  if (record.value === null) {
    if (row.kind === 'state') return { kind: 'known', row, envelope, data: null };
    return { kind: 'invalid', reason: 'the record has no value, and only state streams have tombstones', envelope };
  }
  const json = parseJson(record.value);
  if (!json.ok) return { kind: 'invalid', reason: 'the value is not JSON', envelope };
  const data = row.schema.safeParse(json.value);
  if (!data.success) return { kind: 'invalid', reason: describeIssues(data.error.issues), envelope };
  const key = row.key(data.data);
  if (key !== envelope.subject) return { kind: 'invalid', reason: 'the subject is not the key of the data', envelope };
  return { kind: 'known', row, envelope, data: data.data };
}

function parseEnvelope(headers: WireRecord['headers']): Envelope | string {
  if (headers.ce_specversion !== '1.0')
    return 'not a CloudEvents 1.0 record: header ce_specversion is missing or not 1.0';
  const raw: Record<string, unknown> = {};
  for (const name of attributes) raw[name] = headers[`ce_${name}`];
  for (const [name, wire] of Object.entries(extensions)) raw[name] = headers[`ce_${wire}`];
  raw.sequence = Number(raw.sequence);
  if (typeof raw.actor === 'string') {
    const actor = parseJson(raw.actor);
    raw.actor = actor.ok ? actor.value : null;
  }
  const envelope = EnvelopeSchema.safeParse(raw);
  return envelope.success ? envelope.data : `envelope: ${describeIssues(envelope.error.issues)}`;
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}

/** Names fields and rules, never values. */
function describeIssues(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string; readonly message: string }[],
): string {
  return issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || '(root)'}: ${issue.code ?? 'invalid'}`)
    .join('; ');
}
