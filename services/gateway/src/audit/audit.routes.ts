import type { Database } from '@berth/platform/postgres';
import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import type { AuditStore } from './audit.store.pg.js';

/** The route of the audit log. */
export function auditRoutes(database: Pick<Database, 'query'>, audit: AuditStore): LocalHandlers<'listAudit'> {
  return {
    listAudit: async ({ query }) => {
      const [before] = fromCursor(query.continue, z.tuple([z.number().int()])) ?? [null];
      const { limit, target, actor } = query;
      const rows = await audit.list(database, { before, limit: limit + 1, target, actor });
      return {
        body: pageOf(
          rows,
          limit,
          (row) => row,
          (row) => [row.sequence],
        ),
      };
    },
  };
}
