import { serviceNames, type ServiceName } from '@berth/contracts';
import pg from 'pg';
import { developerValue } from './environment.js';

/** One query against the database of a service, with an administrator's rights: for checks from outside only. */
export async function query<Row extends pg.QueryResultRow>(service: ServiceName, sql: string): Promise<Row[]> {
  const url = new URL(developerValue('BERTH_TEST_POSTGRES_URL'));
  url.pathname = `/${service.replaceAll('-', '_')}`;
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Rows that wait in all outboxes, retry tables and dead letters: all zero when everything was said and heard. */
export async function unfinished(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const service of serviceNames) {
    for (const table of ['outbox', 'retry', 'dead_letter']) {
      const where = table === 'dead_letter' ? ' where resolved_at is null' : '';
      const [row] = await query<{ count: string }>(service, `select count(*) from ${table}${where}`);
      if (Number(row?.count) > 0) found[`${service}.${table}`] = Number(row?.count);
    }
  }
  return found;
}
