import type { Tx } from '@berth/platform/postgres';
import type { Unheard } from './health.js';

/** What waits: in the outbox, and for the answer of its owner. */
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

  /**
   * Operations whose command left and whose owner said nothing yet, or that should have ended: an owner that does not
   * take its commands, or whose answers do not arrive. Those that still wait in the outbox are not its silence.
   */
  async unheard(reader: Pick<Tx, 'query'>): Promise<Unheard[]> {
    return reader.query<Unheard>(
      `select kind, count(*)::int as waiting,
              max(extract(epoch from clock_timestamp() - case when deadline_at < clock_timestamp() then deadline_at
                else accepted_at end) * 1000)::float8 as "delayMs"
         from operation
        where ended_at is null
          and ((state = 'accepted' and jsonb_array_length(steps) = 0) or deadline_at < clock_timestamp())
          and accepted_at < coalesce((select min(created_at) from outbox), 'infinity')
        group by kind`,
    );
  }
}
