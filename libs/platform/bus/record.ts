import {
  parseRecord,
  plainText,
  rowsByType,
  type Envelope,
  type MessageRow,
  type Parsed,
  type ServiceName,
} from '@berth/contracts';
import { z } from 'zod';

/** A record as it came from a partition, or from a table where it waited. */
export interface ArrivedRecord {
  readonly stream: string;
  readonly partition: number;
  readonly offset: number;
  /** Empty when the record has none. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
}

/** What this service does with a record. */
export type Sorted =
  | { readonly kind: 'handle'; readonly row: MessageRow; readonly parsed: Extract<Parsed, { kind: 'known' }> }
  /** Not for us: a type of a later version, or one that others consume. */
  | { readonly kind: 'skip'; readonly why: 'unknown' | 'not_consumed'; readonly type: string }
  | { readonly kind: 'invalid'; readonly reason: string; readonly envelope: Envelope | null };

/** Reads a record by the catalogue and decides whether this service handles it. Pure, and never throws. */
export function sortRecord(record: ArrivedRecord, service: ServiceName): Sorted {
  const parsed = parseRecord({ headers: record.headers, value: textOf(record.value) }, rowsByType);
  if (parsed.kind === 'invalid') return { kind: 'invalid', reason: parsed.reason, envelope: parsed.envelope };
  if (parsed.kind === 'unknown') return { kind: 'skip', why: 'unknown', type: parsed.type };
  const { row, envelope } = parsed;
  const refused = (reason: string): Sorted => ({ kind: 'invalid', reason, envelope });
  if (row.stream.name !== record.stream)
    return refused(`the type ${row.type} belongs to the stream ${row.stream.name}`);
  if (!row.stream.producers.some((producer) => producer === envelope.source))
    return refused('the source may not write to this stream');
  if (envelope.subject !== record.key) return refused('the record is not keyed by its subject');
  if (!row.consumers.includes(service)) return { kind: 'skip', why: 'not_consumed', type: row.type };
  return { kind: 'handle', row, parsed };
}

/** The record as its columns can hold it: with a NUL in its key or in a header it could not even be buried. */
export function keepable(record: ArrivedRecord): ArrivedRecord {
  const headers = Object.entries(record.headers).map(([name, value]) => [plainText(name), plainText(value)]);
  return { ...record, key: plainText(record.key), headers: Object.fromEntries(headers) as Record<string, string> };
}

/** A record as its columns in `retry` and `dead_letter`. */
export const RecordColumns = z.object({
  stream: z.string(),
  partition: z.number(),
  offset: z.number(),
  key: z.string(),
  headers: z.record(z.string(), z.string()),
  value: z.instanceof(Buffer).nullable(),
});

function textOf(value: Buffer | null): string | null {
  return value === null ? null : value.toString('utf8');
}
