import { setTimeout as delay } from 'node:timers/promises';
import { Envelope } from '@berth/contracts';
import { messageOf } from '../errors/index.js';
import type { Lease, Leases } from '../lease/index.js';
import { WakeableLoop } from '../loop/index.js';
import type { Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import type { Database } from '../postgres/index.js';
import { chunksOf } from './chunks.js';
import { outboxChannel, shardCount } from './shards.js';

/** A message on its way to the bus; `data` is JSON text, null for a tombstone. */
export interface RelayedRecord {
  readonly key: string;
  readonly envelope: Envelope;
  readonly data: string | null;
}

/** What the relay needs of the bus: resolves when every record is acknowledged by all in-sync replicas. */
export interface RelayBus {
  send(stream: string, records: readonly RelayedRecord[]): Promise<void>;
}

interface OutboxRow {
  readonly position: number;
  readonly stream: string;
  readonly key: string;
  readonly envelope: string;
  readonly data: string | null;
}

export interface RelayOptions {
  readonly database: Database;
  readonly leases: Leases;
  readonly bus: RelayBus;
  readonly log: Logger;
  /** Rows read at once; 500 unless given. */
  readonly batchRows?: number;
  readonly pollMs?: number;
}

/** A send is started only while the lease surely lasts longer than any send can, so that no other copy sends meanwhile. */
const longestSendMs = 8_000;
const retryStreamMs = 2_000;

/**
 * Carries outbox rows to the bus and deletes them once they are acknowledged. Rows of a shard are read in the order of
 * their commits per key by the one copy that holds the shard's lease; a stream that cannot be written to does not hold
 * up the others. Dying between acknowledgement and delete sends a row twice, which inboxes drop.
 */
export class OutboxRelay {
  private readonly loops = new Set<WakeableLoop>();
  private readonly sent = metrics.counter('berth_outbox_sent_total', 'Messages acknowledged by the bus', ['stream']);
  private readonly failed = metrics.counter('berth_outbox_failures_total', 'Sends that failed', ['stream']);
  private stops: (() => Promise<void>)[] = [];
  private telling: Promise<void> | undefined;
  private tellAgain = false;

  constructor(private readonly options: RelayOptions) {
    this.measure();
  }

  async start(): Promise<void> {
    this.stops.push(await this.options.database.listen(outboxChannel, () => this.wakeLoops()));
    for (let shard = 0; shard < shardCount; shard += 1)
      this.stops.push(
        this.options.leases.run(`outbox/${shard}`, (lease, signal) => this.relayShard(shard, lease, signal)),
      );
  }

  async stop(): Promise<void> {
    const stops = this.stops;
    this.stops = [];
    await Promise.all(stops.map((stop) => stop()));
    await this.telling;
  }

  /** Wakes the relays of this and all other copies. Any number of calls while one is under way make one more. */
  wake(): void {
    this.wakeLoops();
    this.tellAgain = true;
    this.telling ??= this.tell().finally(() => (this.telling = undefined));
  }

  // NOTIFY inside the transactions would make their commits wait for one another; a lost one costs a poll.
  private async tell(): Promise<void> {
    while (this.tellAgain) {
      this.tellAgain = false;
      await this.options.database.query('select pg_notify($1, $2)', [outboxChannel, '']).catch(() => undefined);
    }
  }

  private wakeLoops(): void {
    for (const loop of this.loops) loop.wake();
  }

  private async relayShard(shard: number, lease: Lease, signal: AbortSignal): Promise<void> {
    const blockedUntil = new Map<string, number>();
    const loop = new WakeableLoop({
      name: 'outbox',
      everyMs: this.options.pollMs ?? 1_000,
      maxBackoffMs: 3_000,
      log: this.options.log,
      run: (stopping) => this.drain(shard, lease, blockedUntil, AbortSignal.any([signal, stopping])),
    });
    this.loops.add(loop);
    loop.start();
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    this.loops.delete(loop);
    await loop.stop();
  }

  private async drain(shard: number, lease: Lease, blocked: Map<string, number>, signal: AbortSignal): Promise<void> {
    const limit = this.options.batchRows ?? 500;
    while (!signal.aborted) {
      if (lease.remainingMs() < longestSendMs) return;
      const now = performance.now();
      for (const [stream, until] of blocked) if (until <= now) blocked.delete(stream);
      const rows = await this.options.database.query<OutboxRow>(
        `select position, stream, key, envelope, data from outbox
         where shard = $1 and stream <> all ($2::text[]) order by position limit $3`,
        [shard, [...blocked.keys()], limit],
      );
      if (rows.length === 0) return;
      const failures = await this.sendAll(rows, blocked);
      if (failures.length === Map.groupBy(rows, ({ stream }) => stream).size) throw failures[0];
      if (rows.length < limit && failures.length === 0) return;
      if (failures.length > 0) await delay(50);
    }
  }

  private async sendAll(rows: readonly OutboxRow[], blocked: Map<string, number>): Promise<unknown[]> {
    const byStream = [...Map.groupBy(rows, ({ stream }) => stream)];
    const results = await Promise.allSettled(byStream.map(([stream, ofStream]) => this.sendStream(stream, ofStream)));
    return results.flatMap((result, index) => {
      if (result.status === 'fulfilled') return [];
      const stream = byStream[index]?.[0] ?? '';
      blocked.set(stream, performance.now() + retryStreamMs);
      this.failed.inc({ stream });
      this.options.log.warn('Messages could not be sent; they stay in the outbox', {
        stream,
        reason: messageOf(result.reason),
      });
      return [result.reason as unknown];
    });
  }

  private async sendStream(stream: string, rows: readonly OutboxRow[]): Promise<void> {
    for (const chunk of chunksOf(rows)) {
      await this.options.bus.send(stream, chunk.map(recordOf));
      await this.options.database.query('delete from outbox where position = any ($1::bigint[])', [
        chunk.map(({ position }) => position),
      ]);
      this.sent.inc({ stream }, chunk.length);
    }
  }

  private measure(): void {
    const { database } = this.options;
    metrics.gauge('berth_outbox_rows', 'Messages that are not acknowledged yet', [], async (gauge) => {
      const [row] = await database.query<{ rows: number }>('select count(*) as rows from outbox');
      gauge.set(row?.rows ?? 0);
    });
    metrics.gauge('berth_outbox_oldest_age_seconds', 'Age of the oldest message in the outbox', [], async (gauge) => {
      const [row] = await database.query<{ age: number | null }>(
        'select extract(epoch from clock_timestamp() - min(created_at))::float8 as age from outbox',
      );
      gauge.set(row?.age ?? 0);
    });
  }
}

function recordOf({ key, envelope, data }: OutboxRow): RelayedRecord {
  return { key, envelope: Envelope.parse(JSON.parse(envelope)), data };
}
