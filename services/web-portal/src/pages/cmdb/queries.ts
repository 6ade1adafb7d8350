import { routes, type CmdbChangeKind, type CmdbRowKind, type CmdbVanished } from '@berth/api';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.js';

/** Everything of the CMDB pages begins with this key: a hint of the feed refreshes it as a list. */
export const cmdb = 'cmdbs';
const more = (last: { continue: string | null }) => last.continue;

export const sourcesQuery = queryOptions({
  queryKey: [cmdb, 'sources'],
  queryFn: ({ signal }) => call(routes.listCmdbSources, { signal }),
});
export const sourceServicesQuery = (source: string) =>
  queryOptions({
    queryKey: [cmdb, 'source-services', source],
    queryFn: ({ signal }) => call(routes.listCmdbSourceServices, { params: { source }, signal }),
  });
export const pushesQuery = infiniteQueryOptions({
  queryKey: [cmdb, 'push-pages'],
  queryFn: ({ pageParam, signal }) =>
    call(routes.listCmdbPushes, { query: { limit: 100, ...(pageParam && { continue: pageParam }) }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: more,
});
export const pushQuery = (push: string) =>
  queryOptions({
    queryKey: [cmdb, 'push', push],
    queryFn: ({ signal }) => call(routes.getCmdbPush, { params: { push }, signal }),
  });
export const pushRowsQuery = (push: string, filter: { kind?: CmdbRowKind; change?: CmdbChangeKind }) =>
  infiniteQueryOptions({
    queryKey: [cmdb, 'rows', push, filter],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listCmdbPushRows, {
        params: { push },
        query: { ...filter, limit: 200, ...(pageParam && { continue: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: more,
  });
export const vanishedQuery = (state: 'waiting' | 'kept' | 'decided', search: string) =>
  infiniteQueryOptions({
    queryKey: [cmdb, 'vanished', state, search],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listCmdbVanished, {
        query: { state, limit: 50, ...(search && { search }), ...(pageParam && { continue: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: more,
  });
/** All rows of a list, in few requests and without drawing them: to decide about them at once. */
export async function allVanished(state: 'waiting' | 'kept', search: string): Promise<CmdbVanished[]> {
  const rows: CmdbVanished[] = [];
  for (let from: string | null = ''; from !== null;) {
    const query = { state, limit: 500, ...(search && { search }), ...(from && { continue: from }) };
    const page: { items: CmdbVanished[]; continue: string | null } = await call(routes.listCmdbVanished, { query });
    rows.push(...page.items);
    from = page.continue;
  }
  return rows;
}
export const linesQuery = queryOptions({
  queryKey: [cmdb, 'lines'],
  queryFn: ({ signal }) => call(routes.listCmdbLines, { signal }),
});
export const mappingsQuery = (show: 'all' | 'linked' | 'unlinked' | 'undeployed', search: string) =>
  infiniteQueryOptions({
    queryKey: [cmdb, 'mappings', show, search],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listCmdbMappings, {
        query: { show, limit: 200, ...(search && { search }), ...(pageParam && { continue: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: more,
  });
