import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import type { Logger } from '../log/index.js';
import { translated } from './failures.js';

/** A TypeORM migration. Its class name ends with 13 digits that order it. */
export type Migration = new () => MigrationInterface;

/** Any number will do as long as all copies of a service use the same. */
const migrationLock = 7_231_940_118;

/**
 * Brings the schema up to date, each migration in its own transaction. Copies that start together wait for one another
 * on an advisory lock and then find nothing left to do.
 */
export async function migrate(url: string, migrations: readonly Migration[], log: Logger): Promise<void> {
  const guard = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  guard.on('error', () => undefined);
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: [...migrations],
    migrationsTransactionMode: 'each',
    migrationsTableName: 'schema_migration',
    poolSize: 2,
  });
  try {
    await guard.connect();
    await guard.query('select pg_advisory_lock($1)', [migrationLock]);
    await source.initialize();
    const done = await source.runMigrations();
    if (done.length > 0) log.info('The schema is up to date', { applied: done.map(({ name }) => name) });
  } catch (error) {
    throw translated(error);
  } finally {
    if (source.isInitialized) await source.destroy();
    await guard.end().catch(() => undefined);
  }
}
