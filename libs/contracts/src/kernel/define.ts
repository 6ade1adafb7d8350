import type { z } from 'zod';
import type { ServiceName } from './names.js';

export type StreamKind = 'command' | 'event' | 'state' | 'public';

/** A Kafka topic. Topics and ACLs are created from these rows and from nothing else. */
export interface Stream<Name extends string = string> {
  readonly name: Name;
  readonly kind: StreamKind;
  /** Commands: the one consumer. Everything else: the one producer. */
  readonly owner: ServiceName;
  readonly producers: readonly ServiceName[];
  readonly consumers: readonly ServiceName[];
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  /** How long records are kept; null for compacted streams, which keep the last record of each key. */
  readonly retentionMs: number | null;
}

const dayMs = 24 * 60 * 60 * 1000;
const partitions = 6;

/** `<service>.cmd.<aggregate>.v1`: imperative, consumed by its owner only. */
export function commandStream<const Owner extends ServiceName>(
  owner: Owner,
  aggregate: string,
  producers: readonly ServiceName[],
): Stream {
  return {
    name: `${owner}.cmd.${aggregate}.v1`,
    kind: 'command',
    owner,
    producers,
    consumers: [owner],
    partitions,
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
  };
}

/** `<service>.evt.<aggregate>.v1`: past tense, kept 7 days. */
export function eventStream(owner: ServiceName, aggregate: string, consumers: readonly ServiceName[]): Stream {
  return {
    name: `${owner}.evt.${aggregate}.v1`,
    kind: 'event',
    owner,
    producers: [owner],
    consumers,
    partitions,
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
  };
}

/** `<service>.state.<aggregate>.v1`: compacted full state, tombstone on delete, rebuildable from the owner's tables. */
export function stateStream(owner: ServiceName, aggregate: string, consumers: readonly ServiceName[]): Stream {
  return {
    name: `${owner}.state.${aggregate}.v1`,
    kind: 'state',
    owner,
    producers: [owner],
    consumers,
    partitions,
    cleanup: 'compact',
    retentionMs: null,
  };
}

/** `public.<aggregate>.v1`: a promise to other internal systems; read by the outside reader, not by our services. */
export function publicStream(owner: ServiceName, aggregate: string): Stream {
  return {
    name: `public.${aggregate}.v1`,
    kind: 'public',
    owner,
    producers: [owner],
    consumers: [],
    partitions,
    cleanup: 'delete',
    retentionMs: 7 * dayMs,
  };
}

/** One row of the catalogue: everything that is known about one version of one message. */
export interface MessageRow<
  Type extends string = string,
  Schema extends z.ZodType = z.ZodType,
  Kind extends StreamKind = StreamKind,
  Consumer extends ServiceName = ServiceName,
> {
  readonly type: Type;
  readonly kind: Kind;
  readonly stream: Stream;
  readonly consumers: readonly Consumer[];
  readonly schema: Schema;
  /** The Kafka key and CloudEvents subject of a message with this data. */
  readonly key: (data: z.output<Schema>) => string;
  /** What it says, for the generated reference. */
  readonly summary: string;
}

interface Definition<Type extends string, Schema extends z.ZodType> {
  readonly type: Type;
  readonly stream: Stream;
  readonly schema: Schema;
  readonly key: (data: z.output<Schema>) => string;
  readonly summary: string;
}

/** A command: `type` is `<owner>.<aggregate>.<verb>.v<n>`; its one consumer is the stream's owner. */
export function defineCommand<
  const Type extends `${ServiceName}.${string}.v${number}`,
  Schema extends z.ZodType,
  const Owner extends ServiceName,
>(owner: Owner, definition: Definition<Type, Schema>): MessageRow<Type, Schema, 'command', Owner> {
  return Object.freeze({ ...definition, kind: 'command', consumers: [owner] as const });
}

/** An event: past tense, one producer. `consumers` are the services of the mesh that must handle it. */
export function defineEvent<
  const Type extends `${string}.v${number}`,
  Schema extends z.ZodType,
  const Consumer extends ServiceName = never,
>(
  definition: Definition<Type, Schema> & { readonly consumers: readonly Consumer[] },
): MessageRow<Type, Schema, 'event', Consumer> {
  return Object.freeze({ ...definition, kind: 'event' });
}

/** A state: the whole aggregate as it is now. Handlers also get `data: null` for the tombstone. */
export function defineState<
  const Type extends `${string}.v${number}`,
  Schema extends z.ZodType,
  const Consumer extends ServiceName = never,
>(
  definition: Definition<Type, Schema> & { readonly consumers: readonly Consumer[] },
): MessageRow<Type, Schema, 'state', Consumer> {
  return Object.freeze({ ...definition, kind: 'state' });
}

/** What a handler of this row receives. */
export type DataOf<Row> =
  Row extends MessageRow<string, infer Schema, infer Kind>
    ? Kind extends 'state'
      ? z.output<Schema> | null
      : z.output<Schema>
    : never;
