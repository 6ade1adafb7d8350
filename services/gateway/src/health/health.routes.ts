import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import type { LocalHandlers } from '../edge/visit.js';
import { unansweredOf } from './health.js';
import type { HealthStore } from './health.store.pg.js';

/** The route that says whether accepted commands are on their way, and whether their owners answer. */
export function healthRoutes(
  database: Pick<Database, 'query'>,
  health: HealthStore,
  clock: Clock,
): LocalHandlers<'getPlatformHealth'> {
  return {
    getPlatformHealth: async () => ({
      body: {
        at: clock.now().toISOString(),
        bus: await health.waiting(database),
        unanswered: unansweredOf(await health.unheard(database)),
      },
    }),
  };
}
