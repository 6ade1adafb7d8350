import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import type { AuditService } from './audit.service.js';
import type { AuditWanted } from './audit.js';

const Key = z.tuple([z.number().int()]);
const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const;

/** The routes of the audit log. */
export function auditRoutes(
  service: AuditService,
): LocalHandlers<'listAudit' | 'listProjectAudit' | 'exportAudit' | 'getAuditChain' | 'verifyAudit'> {
  const page = async (
    { continue: cursor, limit, ...filter }: { continue?: string | undefined; limit: number },
    project?: AuditWanted['project'],
  ) => {
    const [before] = fromCursor(cursor, Key) ?? [];
    const rows = await service.list({ ...filter, before, limit: limit + 1, ...(project && { project }) });
    return {
      body: pageOf(
        rows,
        limit,
        (row) => row,
        (row) => [row.position],
      ),
    };
  };
  return {
    listAudit: ({ query }) => page(query),
    listProjectAudit: ({ params, query }, { scopes }) => page(query, { slug: params.project, scopes }),
    exportAudit: async ({ query: { format, ...filter } }, visit) => {
      const day = new Date().toISOString().slice(0, 10);
      return {
        body: await service.export(filter, format, visit),
        headers: {
          'content-type': types[format],
          'content-disposition': `attachment; filename="audit-${day}.${format}"`,
        },
      };
    },
    getAuditChain: async () => ({ body: await service.chain() }),
    verifyAudit: async (_, visit) => ({ body: await service.verify(visit) }),
  };
}
