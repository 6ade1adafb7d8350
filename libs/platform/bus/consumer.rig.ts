import { createHash } from 'node:crypto';
import { rowsConsumedBy, scaleService, type Message } from '@berth/contracts';
import { aRecord, type TestDatabase } from '@berth/testing';
import { SystemClock } from '../clock/index.js';
import { silentLogger } from '../log/index.js';
import { Outbox, type RelayedRecord } from '../outbox/index.js';
import { Database, type Tx } from '../postgres/index.js';
import { BusServer } from './bus-server.js';
import type { KafkaOptions } from './kafka.js';

type Handle = (message: Message<unknown>, tx: Tx) => Promise<void>;

/** Table in which the handlers of these specs leave their mark, in the order of their commits per key. */
export const effectTable = `
  create table effect (position bigint generated always as identity, key text, sequence int, type text)`;

/** A copy of cluster-mgr that writes one row of `effect` for each message. */
export function copyOfService(
  db: TestDatabase,
  kafka: KafkaOptions,
  before: Handle = () => Promise.resolve(),
  url = db.url,
) {
  const log = silentLogger();
  const database = url === db.url ? db.anotherPool() : new Database({ url, poolSize: 5, name: 'spec', log });
  const outbox = new Outbox('cluster-mgr', new SystemClock(), () => undefined);
  const server = new BusServer({ service: 'cluster-mgr', kafka, database, outbox, log, onDead: () => undefined });
  for (const row of rowsConsumedBy('cluster-mgr'))
    server.addHandler(row.type, (async (message: Message<unknown>, tx: Tx) => {
      await before(message, tx);
      const { subject, sequence, type } = message.envelope;
      await tx.query('insert into effect (key, sequence, type) values ($1, $2, $3)', [subject, sequence, type]);
    }) as never);
  return {
    server,
    database,
    start: () =>
      server.listen((error) => {
        if (error) throw error;
      }),
  };
}

/** The `sequence`-th command of a key, always with the same id, so that sending it twice is a duplicate. */
export function scaleCommand(key: string, sequence: number, operationId?: string): RelayedRecord {
  const hex = createHash('sha256').update(`${key}#${sequence}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const uid = '11111111-1111-4111-8111-111111111111';
  const data = { key, uid, replicas: sequence };
  return aRecord(scaleService, data, { id, sequence, source: 'gateway', ...(operationId && { operationId }) });
}

/** Sequences of a key in the order of their effects. */
export async function effectsOf(db: TestDatabase, key: string): Promise<number[]> {
  const rows = await db.database.query<{ sequence: number }>(
    'select sequence from effect where key = $1 order by position',
    [key],
  );
  return rows.map(({ sequence }) => sequence);
}
