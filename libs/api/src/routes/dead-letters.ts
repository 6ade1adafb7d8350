import type { ServiceName } from '@berth/contracts';
import { z } from 'zod';
import { defineRoute } from '../route.js';
import * as letters from '../schemas/dead-letter.js';
import { api } from './addresses.js';

const Resolved = z.object({ operationId: z.uuid().nullable() });

/** Messages that services put aside, of all of them on one page. */
export const deadLetterRoutes = {
  listDeadLetters: defineRoute({
    id: 'listDeadLetters',
    kind: 'local',
    method: 'GET',
    path: `${api}/dead-letters`,
    owner: 'gateway',
    permission: 'deadLetter.manage',
    scope: 'none',
    summary: 'Messages that services could not work on, newest first.',
    query: letters.DeadLettersQuery,
    response: letters.DeadLettersPage,
  }),
  getDeadLetter: defineRoute({
    id: 'getDeadLetter',
    kind: 'local',
    method: 'GET',
    path: `${api}/dead-letters/:owner/:id`,
    owner: 'gateway',
    permission: 'deadLetter.manage',
    scope: 'none',
    summary: 'One dead letter with its headers, its payload and what a replay would do.',
    params: letters.DeadLetterParams,
    response: letters.DeadLetterDetail,
  }),
  replayDeadLetter: defineRoute({
    id: 'replayDeadLetter',
    kind: 'local',
    method: 'POST',
    path: `${api}/dead-letters/:owner/:id/replay`,
    owner: 'gateway',
    permission: 'deadLetter.manage',
    scope: 'none',
    summary: 'Have the message handled once more; a command of a person gets a new operation.',
    params: letters.DeadLetterParams,
    body: letters.ResolveBody,
    response: Resolved,
    audited: true,
  }),
  discardDeadLetter: defineRoute({
    id: 'discardDeadLetter',
    kind: 'local',
    method: 'POST',
    path: `${api}/dead-letters/:owner/:id/discard`,
    owner: 'gateway',
    permission: 'deadLetter.manage',
    scope: 'none',
    summary: 'Put the message away for good.',
    params: letters.DeadLetterParams,
    body: letters.ResolveBody,
    response: Resolved,
    audited: true,
  }),
} as const;

const own = '/internal/dead-letters';
const id = letters.DeadLetterParams.pick({ id: true });

/**
 * The addresses at which a service answers for its own dead letters. They are not part of the public API: only the
 * gateway asks there, with an identity that it signs for the service.
 */
export function ownDeadLetterRoutes(owner: ServiceName) {
  const row = { owner, permission: 'deadLetter.manage', scope: 'none' } as const;
  return {
    list: defineRoute({
      ...row,
      id: 'ownDeadLetters',
      kind: 'read',
      method: 'GET',
      path: own,
      summary: 'Own dead letters.',
      query: letters.OwnDeadLettersQuery,
      response: letters.OwnDeadLetters,
    }),
    get: defineRoute({
      ...row,
      id: 'ownDeadLetter',
      kind: 'read',
      method: 'GET',
      path: `${own}/:id`,
      summary: 'One own dead letter.',
      params: id,
      response: letters.DeadLetterDetail,
    }),
    replay: defineRoute({
      ...row,
      id: 'replayOwnDeadLetter',
      kind: 'direct',
      method: 'POST',
      path: `${own}/:id/replay`,
      summary: 'Handle it once more.',
      params: id,
      body: letters.ResolveBody,
      response: Resolved,
    }),
    discard: defineRoute({
      ...row,
      id: 'discardOwnDeadLetter',
      kind: 'direct',
      method: 'POST',
      path: `${own}/:id/discard`,
      summary: 'Put it away.',
      params: id,
      body: letters.ResolveBody,
      response: Resolved,
    }),
  } as const;
}
export type OwnDeadLetterRoutes = ReturnType<typeof ownDeadLetterRoutes>;
