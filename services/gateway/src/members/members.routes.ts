import type { RoleBinding } from '@berth/api';
import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import type { MemberService } from './members.service.js';

/** The routes of users and their roles. */
export function memberRoutes(service: MemberService): LocalHandlers<'listUsers' | 'createUser' | 'setBindings'> {
  return {
    listUsers: async ({ query }) => {
      const [after] = fromCursor(query.continue, z.tuple([z.string()])) ?? [''];
      const rows = await service.list(after, query.limit + 1);
      return {
        body: pageOf(
          rows,
          query.limit,
          (user) => user,
          (user) => [user.username],
        ),
      };
    },
    createUser: async ({ body }, visit) => ({
      status: 201,
      body: await service.create({ ...body, bindings: body.bindings as RoleBinding[] }, visit),
    }),
    setBindings: async ({ params, body }, visit) => ({
      body: await service.setBindings(params.id, body.bindings as RoleBinding[], visit),
    }),
  };
}
