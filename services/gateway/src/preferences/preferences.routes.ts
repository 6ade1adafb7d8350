import { UserPreferences } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type LocalHandlers } from '../edge/visit.js';
import type { PreferenceStore } from './preferences.store.pg.js';

/** The routes of what a user keeps from browser to browser. What an older portal kept and this one cannot read is left out. */
export function preferenceRoutes(
  database: Pick<Database, 'query' | 'transaction'>,
  preferences: PreferenceStore,
  audit: AuditStore,
  clock: Clock,
): LocalHandlers<'getPreferences' | 'savePreferences'> {
  return {
    getPreferences: async (_, { caller }) => {
      const kept = UserPreferences.safeParse(await preferences.get(database, caller.userId));
      return { body: kept.success ? kept.data : UserPreferences.parse({}) };
    },
    savePreferences: async ({ body }, visit) => {
      const now = clock.now();
      await database.transaction(async (tx) => {
        await preferences.put(tx, visit.caller.userId, body, now);
        await audit.append(tx, [entryOf(visit, 'done', { target: visit.caller.userName })], now);
      });
      return { body };
    },
  };
}
