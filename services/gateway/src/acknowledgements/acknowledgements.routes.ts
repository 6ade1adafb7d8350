import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import { toAcknowledgement, type AcknowledgementService } from './acknowledgements.service.js';

/** The routes of acknowledgements. */
export function acknowledgementRoutes(
  service: AcknowledgementService,
): LocalHandlers<'listAcknowledgements' | 'acknowledgeService' | 'withdrawAcknowledgement'> {
  return {
    listAcknowledgements: async ({ query }, { scopes }) => {
      const [after] = fromCursor(query.continue, z.tuple([z.string()])) ?? [''];
      const rows = await service.list(scopes, after, query.limit + 1);
      return { body: pageOf(rows, query.limit, toAcknowledgement, (row) => [row.target]) };
    },
    acknowledgeService: async ({ params, body }, visit) => ({ body: await service.acknowledge(params, body, visit) }),
    withdrawAcknowledgement: async ({ params }, visit) => {
      await service.withdraw(params, visit);
      return { body: null, status: 204 };
    },
  };
}
