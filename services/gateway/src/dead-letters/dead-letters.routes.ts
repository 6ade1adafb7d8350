import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import { keyOf, LetterKey } from './dead-letters.js';
import type { DeadLetterService } from './dead-letters.service.js';

/** The routes of dead letters. */
export function deadLetterRoutes(
  service: DeadLetterService,
): LocalHandlers<'listDeadLetters' | 'getDeadLetter' | 'replayDeadLetter' | 'discardDeadLetter'> {
  return {
    listDeadLetters: async ({ query }, visit) => {
      const { continue: cursor, limit, ...filter } = query;
      const after = fromCursor(cursor, LetterKey);
      const { items, sources } = await service.list({ ...filter, after, limit: limit + 1 }, visit);
      return { body: { ...pageOf(items, limit, (row) => row, keyOf), sources } };
    },
    getDeadLetter: async ({ params }, visit) => ({ body: await service.get(params.owner, params.id, visit) }),
    replayDeadLetter: async ({ params, body }, visit) => ({
      body: await service.resolve('replay', params, body.cause, visit),
    }),
    discardDeadLetter: async ({ params, body }, visit) => ({
      body: await service.resolve('discard', params, body.cause, visit),
    }),
  };
}
