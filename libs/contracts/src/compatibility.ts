import { z } from 'zod';
import { rowsByType, streams } from './catalogue.js';

/** JSON Schema of every message and the rows of every stream: what is promised to whoever reads or writes them. */
export interface ContractReport {
  readonly streams: Readonly<Record<string, { kind: string; owner: string; partitions: number; cleanup: string }>>;
  readonly messages: Readonly<Record<string, { stream: string; schema: JsonSchema }>>;
}

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** The report of the catalogue as it is in the code. */
export function contractReport(): ContractReport {
  return {
    streams: Object.fromEntries(
      streams.map(({ name, kind, owner, partitions, cleanup }) => [name, { kind, owner, partitions, cleanup }]),
    ),
    messages: Object.fromEntries(
      [...rowsByType.values()]
        .sort((a, b) => a.type.localeCompare(b.type))
        .map((row) => [
          row.type,
          {
            stream: row.stream.name,
            schema: z.toJSONSchema(row.schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema,
          },
        ]),
    ),
  };
}

/**
 * What a released contract loses in a newer one: a message or field that is gone, a field that is newly required or of
 * another type, an enum with fewer values. Only optional additions are compatible inside one version.
 */
export function breaks(released: ContractReport, current: ContractReport): string[] {
  const found: string[] = [];
  for (const [name, stream] of Object.entries(released.streams)) {
    const now = current.streams[name];
    if (!now) found.push(`stream ${name} is gone`);
    else if (now.kind !== stream.kind || now.owner !== stream.owner || now.cleanup !== stream.cleanup)
      found.push(`stream ${name} changed its kind, owner or cleanup`);
  }
  for (const [type, message] of Object.entries(released.messages)) {
    const now = current.messages[type];
    if (!now) found.push(`${type} is gone`);
    else {
      if (now.stream !== message.stream) found.push(`${type} moved to another stream`);
      found.push(...schemaBreaks(type, message.schema, now.schema));
    }
  }
  return found;
}

function schemaBreaks(at: string, before: JsonSchema, now: JsonSchema): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  const found: string[] = [];
  if (JSON.stringify(before.type) !== JSON.stringify(now.type))
    found.push(`${at}: type was ${JSON.stringify(before.type)}, is ${JSON.stringify(now.type)}`);
  for (const value of before.enum ?? [])
    if (now.enum && !now.enum.includes(value)) found.push(`${at}: the value ${JSON.stringify(value)} is gone`);
  for (const [name, field] of Object.entries(before.properties ?? {})) {
    const next = now.properties?.[name];
    if (!next) found.push(`${at}.${name}: the field is gone`);
    else found.push(...schemaBreaks(`${at}.${name}`, field, next));
  }
  for (const name of now.required ?? [])
    if (!(before.required ?? []).includes(name)) found.push(`${at}.${name}: newly required`);
  for (const name of before.required ?? [])
    if (now.properties?.[name] && !(now.required ?? []).includes(name))
      found.push(`${at}.${name}: was always there, may be missing now`);
  if (before.items && now.items) found.push(...schemaBreaks(`${at}[]`, before.items, now.items));
  for (const union of ['anyOf', 'oneOf'] as const) {
    const [was, is] = [before[union] ?? [], now[union] ?? []];
    if (was.length > is.length) found.push(`${at}: one of its forms is gone`);
    was.forEach((form, index) => is[index] && found.push(...schemaBreaks(`${at}<${index}>`, form, is[index])));
  }
  return found;
}
