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
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
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
 * another type, fewer values, tighter limits, a rule that was not there. Optional additions are compatible inside one
 * version; so are more values and wider limits, which a reader must know before a writer uses them.
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

/** The breaks of all but these: a message or stream is retired by its name, on purpose, once nobody writes or reads it. */
export function breaksExcept(released: ContractReport, current: ContractReport, retired: readonly string[]): string[] {
  const kept = <Row>(rows: Readonly<Record<string, Row>>) =>
    Object.fromEntries(Object.entries(rows).filter(([name]) => !retired.includes(name)));
  return breaks({ streams: kept(released.streams), messages: kept(released.messages) }, current);
}

function schemaBreaks(at: string, before: JsonSchema, now: JsonSchema): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  const found: string[] = [];
  if (JSON.stringify(before.type) !== JSON.stringify(now.type))
    found.push(`${at}: type was ${JSON.stringify(before.type)}, is ${JSON.stringify(now.type)}`);
  found.push(...valueBreaks(at, before, now), ...limitBreaks(at, before, now), ...fieldBreaks(at, before, now));
  if (before.items && now.items) found.push(...schemaBreaks(`${at}[]`, before.items, now.items));
  for (const union of ['anyOf', 'oneOf'] as const) {
    const [was, is] = [before[union] ?? [], now[union] ?? []];
    if (was.length > is.length) found.push(`${at}: one of its forms is gone`);
    was.forEach((form, index) => is[index] && found.push(...schemaBreaks(`${at}<${index}>`, form, is[index])));
  }
  return found;
}

/** A literal is an enum of one value. */
function valueBreaks(at: string, before: JsonSchema, now: JsonSchema): string[] {
  const valuesOf = ({ enum: values, const: only }: JsonSchema) => values ?? (only === undefined ? null : [only]);
  const [was, is] = [valuesOf(before), valuesOf(now)];
  if (!is) return [];
  if (!was) return [`${at}: only ${JSON.stringify(is)} may stand there now`];
  return was.filter((value) => !is.includes(value)).map((value) => `${at}: the value ${JSON.stringify(value)} is gone`);
}

const lowest = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const highest = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
/** Keywords with rules of their own, and those that rule nothing. Any other that changes is a break. */
const judged = [
  ...['type', 'properties', 'required', 'items', 'enum', 'const', 'anyOf', 'oneOf', 'additionalProperties'],
  ...['propertyNames', 'title', 'description', 'default', 'examples', ...lowest, ...highest],
];

function limitBreaks(at: string, before: JsonSchema, now: JsonSchema): string[] {
  const isTighter = (name: string) => {
    const [was, is] = [before[name], now[name]];
    if (typeof is !== 'number') return false;
    return typeof was !== 'number' || (lowest.includes(name) ? is > was : is < was);
  };
  const tighter = [...lowest, ...highest].filter(isTighter);
  const others = Object.keys(now).filter(
    (name) => !judged.includes(name) && JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  );
  return [...tighter, ...others].map(
    (name) => `${at}: ${name} was ${JSON.stringify(before[name]) ?? 'not there'}, is ${JSON.stringify(now[name])}`,
  );
}

function fieldBreaks(at: string, before: JsonSchema, now: JsonSchema): string[] {
  const found: string[] = [];
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
  for (const part of ['additionalProperties', 'propertyNames'] as const) {
    const [was, is] = [before[part] ?? true, now[part] ?? true];
    if (was === false || is === true) continue;
    if (is === false) found.push(`${at}: fields of any other name no longer pass`);
    else found.push(...schemaBreaks(`${at}{${part === 'propertyNames' ? 'name' : ''}}`, was === true ? {} : was, is));
  }
  return found;
}
