import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import type { TokenService } from './token.service.js';

const Key = z.tuple([z.iso.datetime(), z.string()]);

/** The routes of tokens: all of them for administrators, the own ones for everybody. */
export function tokenRoutes(
  service: TokenService,
): LocalHandlers<'listTokens' | 'createToken' | 'revokeToken' | 'listOwnTokens' | 'createOwnToken' | 'revokeOwnToken'> {
  const page = async (userId: string | null, query: { limit: number; continue?: string | undefined }) => {
    const rows = await service.list(userId, { after: fromCursor(query.continue, Key), limit: query.limit + 1 });
    return {
      body: pageOf(
        rows,
        query.limit,
        (row) => row,
        (row) => [row.createdAt, row.id],
      ),
    };
  };
  return {
    listTokens: ({ query }) => page(null, query),
    createToken: async ({ body }, visit) => ({ status: 201, body: await service.createForMachine(body, visit) }),
    revokeToken: async ({ params }, visit) => {
      await service.revoke(params.id, null, visit);
      return { body: null, status: 204 };
    },
    listOwnTokens: ({ query }, { caller }) => page(caller.userId, query),
    createOwnToken: async ({ body }, visit) => ({ status: 201, body: await service.createOwn(body, visit) }),
    revokeOwnToken: async ({ params }, visit) => {
      await service.revoke(params.id, visit.caller.userId, visit);
      return { body: null, status: 204 };
    },
  };
}
