import type { Actor, DataOf, Envelope, MessageRow, ServiceName } from '@berth/contracts';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Clock } from '../clock/index.js';
import { currentContext } from '../log/index.js';
import type { Tx } from '../postgres/index.js';
import { maxDataBytes } from './chunks.js';
import { shardOf } from './shards.js';

/** What goes with a message beside its data. What is left out comes from `causedBy`, then from the work at hand. */
export interface Said {
  /** Incarnation of the aggregate. */
  readonly uid?: string;
  readonly operationId?: string;
  readonly actor?: Actor;
  /** The message whose handling says this. */
  readonly causedBy?: Envelope;
  readonly correlationId?: string;
}

/** One message to append, checked; built by `Outbox.saying`. */
export interface Saying {
  readonly row: MessageRow;
  readonly key: string;
  /** Null for a tombstone. */
  readonly data: unknown;
  readonly said: Said;
}

/** The only way a message leaves a service: a row of the transaction that changes the state it speaks of. */
export class Outbox {
  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
    /** Called after the commit; wakes the relays of all copies. */
    private readonly wake: () => void,
  ) {}

  /**
   * Appends one message. Takes the next sequence of its stream and key under a row lock that is held until the commit,
   * so messages of one key leave in the order in which their transactions commit.
   * @throws ZodError when the data is not what the row's schema says: a fault of the caller.
   */
  async append<Row extends MessageRow>(
    tx: Tx,
    row: Row,
    data: z.input<Row['schema']>,
    said: Said = {},
  ): Promise<Envelope> {
    const [envelope] = await this.appendAll(tx, [this.saying(row, data, said)]);
    return envelope as Envelope;
  }

  /** Appends the tombstone of a key to a state stream: consumers' handlers get `data: null`. */
  async tombstone(tx: Tx, row: MessageRow, key: string, said: Said = {}): Promise<Envelope> {
    if (row.kind !== 'state') throw new TypeError(`${row.type} is not a state, so it has no tombstones`);
    const [envelope] = await this.appendAll(tx, [{ row, key, data: null, said }]);
    return envelope as Envelope;
  }

  /** Checks a message against its schema, for `appendAll`. */
  saying<Row extends MessageRow>(row: Row, data: z.input<Row['schema']>, said: Said = {}): Saying {
    const parsed = row.schema.parse(data) as NonNullable<DataOf<Row>>;
    return { row, key: row.key(parsed), data: parsed, said };
  }

  /** Appends many messages with two statements; messages of one key keep the order of the list. */
  async appendAll(tx: Tx, sayings: readonly Saying[]): Promise<Envelope[]> {
    if (sayings.length === 0) return [];
    const foreign = sayings.find(({ row }) => !row.stream.producers.includes(this.service));
    if (foreign) throw new TypeError(`${this.service} may not write to ${foreign.row.stream.name}`);
    const next = await takeSequences(tx, sayings);
    const envelopes = sayings.map((saying) => this.envelopeOf(saying, next(saying)));
    await insertRows(tx, sayings, envelopes);
    tx.afterCommit(this.wake);
    return envelopes;
  }

  private envelopeOf({ row, key, said }: Saying, sequence: number): Envelope {
    const { causedBy } = said;
    const context = currentContext();
    const operationId = said.operationId ?? causedBy?.operationId;
    const actor = said.actor ?? causedBy?.actor;
    const traceparent = causedBy?.traceparent ?? context?.traceparent;
    return {
      id: randomUUID(),
      source: this.service,
      type: row.type,
      time: this.clock.now().toISOString(),
      subject: key,
      ...(said.uid && { uid: said.uid }),
      sequence,
      correlationId: said.correlationId ?? causedBy?.correlationId ?? context?.correlationId ?? randomUUID(),
      ...(causedBy && { causationId: causedBy.id }),
      ...(operationId && { operationId }),
      ...(actor && { actor }),
      ...(traceparent && { traceparent }),
    };
  }
}

/** Raises the counters of all keys, in one order so that two transactions cannot lock them crosswise. */
async function takeSequences(tx: Tx, sayings: readonly Saying[]): Promise<(saying: Saying) => number> {
  const nameOf = ({ row, key }: Saying) => `${row.stream.name}\u0000${key}`;
  const counts = new Map<string, { stream: string; key: string; count: number }>();
  for (const saying of sayings) {
    const name = nameOf(saying);
    const counted = counts.get(name) ?? { stream: saying.row.stream.name, key: saying.key, count: 0 };
    counts.set(name, { ...counted, count: counted.count + 1 });
  }
  const wanted = [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const rows = await tx.query<{ stream: string; key: string; last: number }>(
    `insert into outbox_sequence (stream, key, last)
     select stream, key, count from unnest($1::text[], $2::text[], $3::bigint[]) as wanted (stream, key, count)
     on conflict (stream, key) do update set last = outbox_sequence.last + excluded.last
     returning stream, key, last`,
    [wanted.map((row) => row.stream), wanted.map((row) => row.key), wanted.map((row) => row.count)],
  );
  const next = new Map(
    rows.map(({ stream, key, last }) => {
      const name = `${stream}\u0000${key}`;
      return [name, last - (counts.get(name)?.count ?? 0)];
    }),
  );
  return (saying) => {
    const name = nameOf(saying);
    const sequence = (next.get(name) ?? 0) + 1;
    next.set(name, sequence);
    return sequence;
  };
}

async function insertRows(tx: Tx, sayings: readonly Saying[], envelopes: readonly Envelope[]): Promise<void> {
  await tx.query(
    `insert into outbox (shard, stream, key, envelope, data)
     select * from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[])`,
    [
      sayings.map(({ key }) => shardOf(key)),
      sayings.map(({ row }) => row.stream.name),
      sayings.map(({ key }) => key),
      envelopes.map((envelope) => JSON.stringify(envelope)),
      sayings.map(textOf),
    ],
  );
}

function textOf({ row, data }: Saying): string | null {
  if (data === null) return null;
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) > maxDataBytes) throw new RangeError(`a ${row.type} of more than ${maxDataBytes} bytes`);
  return text;
}
