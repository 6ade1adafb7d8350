import { routes, type Container, type Project, type ResponseOf } from '@berth/api';
import type { EnvironmentName, OperationKind, ServiceState } from '@berth/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, callWithEtag, setCsrfToken } from './client.js';
import { readAgain } from './read-again.js';

/** Where one service is. */
export interface ServicePlace {
  readonly project: string;
  readonly environment: EnvironmentName;
  readonly service: string;
}
export const keyOf = (place: ServicePlace) => `${place.project}/${place.environment}/${place.service}`;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    const me = await call(routes.getSession);
    setCsrfToken(me.csrfToken);
    return me;
  },
  staleTime: Infinity,
  retry: false,
});

/** All of them, page after page: what is not in here cannot be chosen. */
export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async ({ signal }) => {
    const items: Project[] = [];
    for (let next: string | null = ''; next !== null;) {
      const query = { limit: 500, ...(next && { continue: next }) };
      const page: ResponseOf<typeof routes.listProjects> = await call(routes.listProjects, { query, signal });
      items.push(...page.items);
      next = page.continue;
    }
    return { items };
  },
  staleTime: 60_000,
});

export interface ServicesFilter {
  readonly project?: string;
  readonly environment?: EnvironmentName;
  /** One state, or several with commas. */
  readonly state?: string;
  readonly search?: string;
  /** With `changedBy`: either is enough. */
  readonly owner?: string;
  readonly changedBy?: string;
}

/** Restarts pass without a hint of the feed: what is unwell is read again now and then. */
const unwellRereadMs = 20_000;
const unwell: readonly ServiceState[] = ['down', 'deploy_failed', 'degraded', 'unknown'];

export const servicesQuery = (filter: ServicesFilter) =>
  infiniteQueryOptions({
    queryKey: ['services', filter],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listServices, {
        query: { ...filter, limit: 500, ...(pageParam && { continue: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.continue,
    placeholderData: (before) => before,
    // One page is read again for little; of several the feed has to do.
    refetchInterval: (query) => {
      const { pages = [] } = query.state.data ?? {};
      const hasUnwell = pages.length === 1 && pages[0]?.items.some((row) => unwell.includes(row.state));
      return readAgain(query) || (hasUnwell ? unwellRereadMs : false);
    },
    // Comparing thousands of rows field by field costs more than drawing the forty that are in view.
    structuralSharing: false,
  });

export const serviceQuery = (place: ServicePlace) =>
  queryOptions({
    queryKey: ['service', keyOf(place)],
    queryFn: async ({ signal }) => {
      const { data, etag } = await callWithEtag(routes.getService, { params: place, signal });
      return { ...data, etag: etag ?? `"${data.specVersion}"` };
    },
  });
export type ServiceWithEtag = Awaited<ReturnType<NonNullable<ReturnType<typeof serviceQuery>['queryFn']>>>;

type ContainersPage = ResponseOf<typeof routes.listContainers>;
const yesNo = (value: boolean) => (value ? ('true' as const) : ('false' as const));

/** All of them, page after page: a service has at most 1,000, and of past ones 500 are kept. */
export const containersQuery = (place: ServicePlace, past: boolean) =>
  queryOptions({
    queryKey: ['service', keyOf(place), 'containers', past],
    queryFn: async ({ signal }) => {
      const items: Container[] = [];
      for (let next: string | null = ''; next !== null;) {
        const query = { past: yesNo(past), limit: 500, ...(next && { continue: next }) };
        const page: ContainersPage = await call(routes.listContainers, { params: place, query, signal });
        items.push(...page.items);
        next = page.continue;
      }
      return { items };
    },
  });

/** With the lines of the log for those who may read them. */
export const whyQuery = (place: ServicePlace, withLog: boolean) =>
  queryOptions({
    queryKey: ['service', keyOf(place), 'why', withLog],
    queryFn: ({ signal }) =>
      call(withLog ? routes.explainServiceWithLog : routes.explainService, { params: place, signal }),
    refetchInterval: 10_000,
  });

export const releasesQuery = (place: ServicePlace) =>
  infiniteQueryOptions({
    queryKey: ['service', keyOf(place), 'releases'],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listReleases, {
        params: place,
        query: { limit: 50, ...(pageParam && { continue: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.continue,
  });

export const eventsQuery = (place: ServicePlace) =>
  queryOptions({
    queryKey: ['service', keyOf(place), 'events'],
    queryFn: ({ signal }) => call(routes.listEvents, { params: place, signal }),
    refetchInterval: 10_000,
  });

/** The last `rangeSeconds`, again with every new point. */
export const metricsQuery = (place: ServicePlace, rangeSeconds: number) =>
  queryOptions({
    queryKey: ['metrics', keyOf(place), rangeSeconds],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - rangeSeconds * 1000).toISOString();
      return call(routes.getServiceMetrics, { params: place, query: { from }, signal });
    },
    refetchInterval: (query) => Math.max(10, query.state.data?.stepSeconds ?? 15) * 1000,
  });

/** What services use, for lists: only these when they are named. */
export const serviceUsageQuery = (services: readonly string[] | null = null) =>
  queryOptions({
    queryKey: ['service-usage', services],
    queryFn: ({ signal }) =>
      call(routes.listServiceUsage, { query: services ? { services: services.join(',') } : {}, signal }),
    refetchInterval: 15_000,
    placeholderData: (before) => before,
  });

export const nodeUsageQuery = queryOptions({
  queryKey: ['node-usage'],
  queryFn: ({ signal }) => call(routes.listNodeUsage, { signal }),
  refetchInterval: 15_000,
});

export const topologyQuery = (project: string | undefined) =>
  queryOptions({
    queryKey: ['topology', project],
    queryFn: ({ signal }) => call(routes.getTopology, { query: project ? { project } : {}, signal }),
    refetchInterval: 10_000,
    placeholderData: (before) => before,
  });

export const secretsQuery = (place: ServicePlace) =>
  queryOptions({
    queryKey: ['service', keyOf(place), 'secrets'],
    queryFn: ({ signal }) => call(routes.listSecrets, { params: place, signal }),
  });

export const registryCredentialsQuery = (place: Pick<ServicePlace, 'project' | 'environment'>) =>
  queryOptions({
    queryKey: ['registry-credentials', place.project, place.environment],
    queryFn: ({ signal }) =>
      call(routes.listRegistryCredentials, {
        params: { project: place.project, environment: place.environment },
        signal,
      }),
  });

export const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ['operation', id],
    queryFn: ({ signal }) => call(routes.getOperation, { params: { id }, signal }),
    // The feed tells of changes; this is the net below it while something runs.
    refetchInterval: (query) => (query.state.data?.endedAt === null ? 5000 : readAgain(query)),
  });

export const neighboursQuery = (id: string) =>
  queryOptions({
    // Beside the lists, because any new operation may be one.
    queryKey: ['operations', 'around', id],
    queryFn: ({ signal }) => call(routes.listNeighbours, { params: { id }, signal }),
  });

export interface OperationsFilter {
  readonly target?: string;
  readonly project?: string;
  readonly environment?: string;
  readonly state?: 'running' | 'ended' | 'failed';
  readonly kind?: OperationKind;
  readonly actor?: string;
  readonly since?: string;
  readonly endedSince?: string;
  readonly search?: string;
}
export const operationsQuery = (filter: OperationsFilter) =>
  infiniteQueryOptions({
    queryKey: ['operations', filter],
    queryFn: ({ pageParam, signal }) =>
      call(routes.listOperations, {
        query: { ...filter, limit: 50, ...(pageParam && { continue: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.continue,
    placeholderData: (before) => before,
  });

export const clustersQuery = queryOptions({
  queryKey: ['clusters'],
  queryFn: ({ signal }) => call(routes.listClusters, { signal }),
  refetchInterval: 15_000,
});

/** What somebody has to look at, the most urgent first: a page of it is enough for a workbench, `counts` tells of the rest. */
export const unwellQuery = (filter: ServicesFilter, states: readonly ServiceState[]) =>
  queryOptions({
    queryKey: ['services', 'unwell', filter],
    queryFn: ({ signal }) =>
      call(routes.listServices, { query: { ...filter, state: states.join(','), order: 'urgency', limit: 50 }, signal }),
    placeholderData: (before) => before,
    refetchInterval: (query) => readAgain(query) || (query.state.data?.items.length ? unwellRereadMs : false),
  });

// Beside the services, because the feed says "service" when one of them is acknowledged.
export const acknowledgementsQuery = queryOptions({
  queryKey: ['services', 'acknowledgements'],
  queryFn: ({ signal }) => call(routes.listAcknowledgements, { query: { limit: 500 }, signal }),
});

export const preferencesQuery = queryOptions({
  queryKey: ['preferences'],
  queryFn: ({ signal }) => call(routes.getPreferences, { signal }),
  staleTime: 60_000,
});

export const platformHealthQuery = queryOptions({
  queryKey: ['platform-health'],
  queryFn: ({ signal }) => call(routes.getPlatformHealth, { signal }),
  refetchInterval: 10_000,
});

/** The newest operations of a filter, in one page. */
export const someOperationsQuery = (filter: OperationsFilter & { limit: number }) =>
  queryOptions({
    queryKey: ['operations', 'some', filter],
    queryFn: ({ signal }) => call(routes.listOperations, { query: filter, signal }),
    placeholderData: (before) => before,
  });

/** Messages that were put aside and that nobody has looked after yet. */
export const deadLettersQuery = queryOptions({
  queryKey: ['dead-letters', 'open'],
  queryFn: ({ signal }) => call(routes.listDeadLetters, { query: { state: 'open', limit: 100 }, signal }),
  refetchInterval: 30_000,
});
