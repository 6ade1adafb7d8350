import { routes, type AuditFilter, type DeadLettersPage } from '@berth/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from './client.js';

/** How often what the feed does not tell of is read again while it is shown. */
const everyMs = 5_000;
const later = { initialPageParam: '', getNextPageParam: (last: { continue: string | null }) => last.continue };
const from = (pageParam: string) => (pageParam ? { continue: pageParam } : {});

export interface DeadLettersFilter {
  readonly owner?: DeadLettersPage['items'][number]['owner'];
  readonly state?: 'open' | 'resolved' | 'all';
  readonly text?: string;
}
export const deadLettersQuery = (filter: DeadLettersFilter) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', filter],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listDeadLetters, { query: { ...filter, limit: 50, ...from(pageParam) }, signal }),
    ...later,
    refetchInterval: everyMs,
    placeholderData: (before) => before,
  });

export const deadLetterQuery = (owner: DeadLettersPage['items'][number]['owner'], id: number) =>
  queryOptions({
    queryKey: ['dead-letters', 'one', owner, id],
    queryFn: ({ signal }) => call(routes.getDeadLetter, { params: { owner, id }, signal }),
  });

type AuditPageQuery = AuditFilter & { readonly limit: number; readonly continue?: string };
const readAudit = (project: string | null, query: AuditPageQuery, signal: AbortSignal) =>
  project === null
    ? call(routes.listAudit, { query, signal })
    : call(routes.listProjectAudit, { params: { project }, query, signal });

/** Of one project, or of the platform. */
export const auditQuery = (filter: AuditFilter, project: string | null) =>
  infiniteQueryOptions({
    queryKey: ['audit', project, filter],
    queryFn: ({ pageParam, signal }) => readAudit(project, { ...filter, limit: 100, ...from(pageParam) }, signal),
    ...later,
    placeholderData: (before) => before,
  });

/** Position of the newest row that fits, to tell that there are newer ones without moving what is read. */
export const newestAuditQuery = (filter: AuditFilter, project: string | null) =>
  queryOptions({
    queryKey: ['audit-newest', project, filter],
    queryFn: async ({ signal }) => (await readAudit(project, { ...filter, limit: 1 }, signal)).items[0]?.position ?? 0,
    refetchInterval: everyMs,
  });

/** Users whose user name or name has the text; all of them without one. */
export const usersQuery = (text: string) =>
  infiniteQueryOptions({
    queryKey: ['users', text],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listUsers, { query: { limit: 100, ...(text && { text }), ...from(pageParam) }, signal }),
    ...later,
    placeholderData: (before) => before,
  });

export const auditChainQuery = queryOptions({
  queryKey: ['audit-chain'],
  queryFn: ({ signal }) => call(routes.getAuditChain, { signal }),
  refetchInterval: 15_000,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens', 'all'],
  queryFn: ({ signal }) => call(routes.listTokens, { query: { limit: 500 }, signal }),
});

export const ownTokensQuery = queryOptions({
  queryKey: ['tokens', 'own'],
  queryFn: ({ signal }) => call(routes.listOwnTokens, { query: { limit: 500 }, signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => call(routes.listSessions, { signal }),
});

export const membersQuery = (project: string) =>
  queryOptions({
    queryKey: ['members', project],
    queryFn: ({ signal }) => call(routes.listMembers, { params: { project }, query: { limit: 500 }, signal }),
    enabled: project !== '',
  });

export const candidatesQuery = (project: string, text: string) =>
  queryOptions({
    queryKey: ['member-candidates', project, text],
    queryFn: ({ signal }) => call(routes.listCandidates, { params: { project }, query: { text }, signal }),
    enabled: text !== '',
    placeholderData: (before) => before,
  });
