import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import { isConflict, isConnectionBroken, translated } from './failures.js';
import { Listener } from './listener.js';

/** One connection with one transaction; every store, the inbox and the outbox get the same one. */
export interface Tx {
  /** Rows of one statement. `bigint` comes as number, `timestamptz` as Date, `jsonb` parsed. Give jsonb as JSON text. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs `act` once the transaction is committed, e.g. to wake a loop. Never for anything that must not be lost. */
  afterCommit(act: () => void): void;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly log: Logger;
  /** Shown by PostgreSQL as application_name. */
  readonly name: string;
}

const maxAttempts = 6;
const statementTimeoutMs = 15_000;

/** The own database of the service. Any call may throw `DatabaseUnavailable`; nothing is retried on that. */
export class Database {
  private readonly pool: pg.Pool;
  private readonly listener: Listener;
  private readonly transactions = metrics.histogram('berth_postgres_transaction_seconds', 'Transactions', ['result']);

  constructor(private readonly options: DatabaseOptions) {
    const connection = connectionOf(options.url, options.name);
    this.pool = new pg.Pool({
      ...connection,
      max: options.poolSize,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      // A half-open connection must not hold its caller for minutes; the server's own limit comes first.
      query_timeout: statementTimeoutMs + 2_000,
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: 30_000,
    });
    // An idle connection that dies is replaced by the pool at the next use.
    this.pool.on('error', (error) => options.log.warn('An idle database connection was lost', { err: error }));
    this.listener = new Listener(() => new pg.Client(connection), options.log);
  }

  /**
   * Runs `work` in one READ COMMITTED transaction. On a deadlock or serialization failure everything is rolled back and
   * `work` runs again, so it must have no effect outside the transaction but `afterCommit`. When COMMIT itself loses the
   * connection the outcome is unknown: the caller gets `DatabaseUnavailable` and must be safe to repeat.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const stop = this.transactions.startTimer();
      try {
        const result = await this.runOnce(work);
        stop({ result: 'committed' });
        return result;
      } catch (error) {
        stop({ result: 'rolled_back' });
        if (!isConflict(error) || attempt === maxAttempts) throw error;
        await delay(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  /** One statement outside of a transaction, for reads and for writes that stand alone. */
  async query<Row = Record<string, unknown>>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    try {
      const result = await this.pool.query(sql, [...parameters]);
      return result.rows as Row[];
    } catch (error) {
      throw translated(error);
    }
  }

  /**
   * Hears notifications of a channel, over one connection for all channels, reconnecting for ever. After a reconnect
   * `heard` is called with an empty payload, because what was said meanwhile is lost. Poll as a net all the same.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
    return this.listener.listen(channel, heard);
  }

  /** Resolves when the database answers. @throws DatabaseUnavailable */
  async ping(): Promise<void> {
    await this.query('select 1');
  }

  async close(): Promise<void> {
    await this.listener.close();
    await this.pool.end();
  }

  private async runOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw translated(error);
    });
    // Without a listener, a connection that dies between two statements would end the process.
    const ignore = () => undefined;
    client.on('error', ignore);
    const acts: (() => void)[] = [];
    let broken = false;
    try {
      await client.query('begin isolation level read committed');
      const result = await work({
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
          (await client.query(sql, [...parameters])).rows as Row[],
        afterCommit: (act) => acts.push(act),
      });
      // A statement that failed and was caught by `work` has aborted the transaction: COMMIT then rolls back, silently.
      const { command } = await client.query('commit');
      if (command !== 'COMMIT')
        throw new TypeError('a failed statement was ignored, so the transaction was rolled back');
      for (const act of acts) this.runAct(act);
      return result;
    } catch (error) {
      broken = isConnectionBroken(error);
      if (!broken) await client.query('rollback').catch(() => (broken = true));
      throw translated(error);
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }

  private runAct(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.options.log.error('An act after a commit failed', { err: error });
    }
  }
}

const int8 = 20;

function connectionOf(url: string, name: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    keepAlive: true,
    types: {
      getTypeParser: ((oid: number, format: 'text' | 'binary') =>
        oid === int8
          ? Number
          : (pg.types.getTypeParser(oid, format as 'text') as unknown)) as typeof pg.types.getTypeParser,
    },
  };
}
