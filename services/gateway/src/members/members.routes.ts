import type { RoleBinding } from '@berth/api';
import { z } from 'zod';
import { fromCursor, pageOf } from '../edge/cursor.js';
import type { LocalHandlers } from '../edge/visit.js';
import type { MemberService } from './members.service.js';

const Key = z.tuple([z.string()]);

type Served =
  | 'listUsers'
  | 'createUser'
  | 'setBindings'
  | 'deactivateUser'
  | 'activateUser'
  | 'resetPassword'
  | 'listMembers'
  | 'listCandidates'
  | 'setMember';

/** The routes of users and their roles. */
export function memberRoutes(service: MemberService): LocalHandlers<Served> {
  return {
    listUsers: async ({ query: { limit, text, active, continue: cursor } }) => {
      const [after] = fromCursor(cursor, Key) ?? [''];
      const isActive = active === undefined ? undefined : active === 'true';
      const rows = await service.list({ after, text, active: isActive, limit: limit + 1 });
      return { body: pageOf(rows, limit, whole, ({ username }) => [username]) };
    },
    createUser: async ({ body }, visit) => ({
      status: 201,
      body: await service.create({ ...body, bindings: body.bindings as RoleBinding[] }, visit),
    }),
    setBindings: async ({ params, body }, visit) => ({
      body: await service.setBindings(params.id, body.bindings as RoleBinding[], body.cause ?? null, visit),
    }),
    deactivateUser: async ({ params, body }, visit) => ({
      body: await service.deactivate(params.id, body.cause ?? null, visit),
    }),
    activateUser: async ({ params, body }, visit) => ({
      body: await service.activate(params.id, body.cause ?? null, visit),
    }),
    resetPassword: async ({ params, body }, visit) => ({
      body: await service.resetPassword(params.id, body.password, body.cause ?? null, visit),
    }),
    listMembers: async ({ params, query: { limit, continue: cursor } }) => {
      const [after] = fromCursor(cursor, Key) ?? [''];
      const rows = await service.membersOf(params.project, { after, limit: limit + 1 });
      return { body: pageOf(rows, limit, whole, ({ username }) => [username]) };
    },
    listCandidates: async ({ query }) => ({ body: { items: await service.candidates(query.text) } }),
    setMember: async ({ params, body }, visit) => ({
      body: await service.setMember(params, body.bindings, body.cause ?? null, visit),
    }),
  };
}

function whole<Row>(row: Row): Row {
  return row;
}
