import { randomBytes } from 'node:crypto';
import type { ServiceName } from '@berth/contracts';
import { platformMigrations } from '@berth/platform/bootstrap';
import { silentLogger } from '@berth/platform/log';
import { Database, migrate, type Migration } from '@berth/platform/postgres';
import pg from 'pg';
import { testSetting } from './environment.js';
import { ownPostgres } from './own-postgres.js';

/** A throw-away database with the platform's tables and the service's. */
export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Another pool to the same database, as a second copy of the service has it. */
  anotherPool(): Database;
  /** Ends every connection to it, as a restart of the server does. */
  terminateConnections(): Promise<void>;
  /** Drops it. */
  close(): Promise<void>;
}

/**
 * Creates a database on a real PostgreSQL: the one of `BERTH_TEST_POSTGRES_URL`, else that of the local platform when it
 * runs, else one that is started for this run of the specs.
 */
export async function testDatabase(service: ServiceName, migrations: readonly Migration[] = []): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `test_${service.replace('-', '_')}_${randomBytes(4).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  const log = silentLogger();
  await migrate(url, [...platformMigrations, ...migrations], log);
  const pools: Database[] = [];
  const anotherPool = () => {
    const database = new Database({ url, poolSize: 10, name: `spec-${service}`, log });
    pools.push(database);
    return database;
  };
  return {
    database: anotherPool(),
    url,
    anotherPool,
    terminateConnections: () =>
      onServer(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
    async close() {
      await Promise.all(pools.map((pool) => pool.close().catch(() => undefined)));
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
}

async function serverUrl(): Promise<string> {
  const setting = testSetting('BERTH_TEST_POSTGRES_URL');
  if (setting && (setting.source === 'environment' || (await answers(setting.value)))) return setting.value;
  return ownPostgres();
}

async function answers(url: string): Promise<boolean> {
  return onServer(url, 'select 1').then(
    () => true,
    () => false,
  );
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
