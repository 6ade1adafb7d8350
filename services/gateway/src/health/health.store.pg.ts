import type { Tx } from '@berth/platform/postgres';

/** What waits in the outbox. */
export class HealthStore {
  /** Milliseconds by the clock of the database, which wrote the rows. */
  async waiting(reader: Pick<Tx, 'query'>): Promise<{ delayMs: number; waiting: number }> {
    const [row] = await reader.query<{ delayMs: number; waiting: number }>(
      `select count(*)::int as waiting,
              coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as "delayMs"
         from outbox`,
    );
    return { delayMs: Math.max(0, Math.round(row?.delayMs ?? 0)), waiting: row?.waiting ?? 0 };
  }
}
