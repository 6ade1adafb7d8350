import { missing } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import type { CancelService } from './cancel.service.js';
import { toOperation } from './operations.js';
import type { OperationService } from './operations.service.js';

const Key = z.tuple([z.iso.datetime(), z.string()]);

/** The routes of operations; all know only what the caller may read. */
export function operationRoutes(
  service: OperationService,
  cancels: CancelService,
): LocalHandlers<'listOperations' | 'getOperation' | 'listNeighbours' | 'cancelOperation'> {
  return {
    listOperations: async ({ query }, { scopes }) => {
      const after = fromCursor(query.continue, Key);
      const { limit, continue: _, ...filter } = query;
      const { rows, medians } = await service.list({ ...filter, scopes, after, limit: limit + 1 });
      return {
        body: pageOf(
          rows,
          limit,
          (row) => toOperation(row, medians.get(row.kind) ?? null),
          (row) => [row.acceptedAt.toISOString(), row.id],
        ),
      };
    },
    getOperation: async ({ params }, { scopes }) => {
      const operation = await service.get(params.id, scopes);
      if (!operation) throw refuse('not_found', missing('operation'));
      return { body: operation };
    },
    listNeighbours: async ({ params }, { scopes }) => {
      const items = await service.neighbours(params.id, scopes);
      if (!items) throw refuse('not_found', missing('operation'));
      return { body: { items } };
    },
    cancelOperation: async ({ params, body }, visit) => ({
      status: 202,
      body: await cancels.cancel(params.id, body.cause ?? null, visit),
    }),
  };
}
