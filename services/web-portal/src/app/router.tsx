import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { AuditFilter, DeadLetterOwner } from '@berth/api';
import { sessionQuery } from '../api/queries.js';
import { Frame } from '../frame/Frame.js';
import { withTexts } from '../i18n/index.js';
import { NotFound, PageError, PagePending } from '../frame/fallbacks.js';
import { OperationsSearch } from '../pages/operations/search.js';
import { ServiceSearch } from '../pages/service/search.js';
import { ServicesSearch } from '../pages/services/view.js';
import { getPreferences } from './preferences.js';

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: z.object({ next: z.string().optional() }),
  component: lazyRouteComponent(() => import('../pages/login/LoginPage.js'), 'LoginPage'),
});
const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  component: lazyRouteComponent(() => import('../pages/login/PasswordPage.js'), 'PasswordPage'),
});

/** Everything inside the frame needs a session; a first password is changed before anything else. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    const me = await context.client.ensureQueryData(sessionQuery).catch(() => null);
    if (!me) throw redirect({ to: '/login', search: { next: location.href } });
    if (me.mustChangePassword) throw redirect({ to: '/password' });
  },
});
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/p/$project/$env/now', params: getPreferences().scope, search: {} });
  },
});
const now = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/now',
  validateSearch: z.object({ who: z.enum(['mine']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('../pages/now/NowPage.js'), 'NowPage'),
});
const services = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/services',
  validateSearch: ServicesSearch,
  component: lazyRouteComponent(() => import('../pages/services/ServicesPage.js'), 'ServicesPage'),
});
const deploy = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/deploy',
  validateSearch: z.object({ code: z.string().optional() }),
  component: lazyRouteComponent(
    withTexts(() => import('../pages/deploy/DeployPage.js')),
    'DeployPage',
  ),
});
const registryCredentials = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/registry-credentials',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/deploy/CredentialsPage.js')),
    'CredentialsPage',
  ),
});
const service = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/services/$code/$tab',
  validateSearch: ServiceSearch,
  component: lazyRouteComponent(
    withTexts(() => import('../pages/service/ServicePage.js')),
    'ServicePage',
  ),
});
const serviceHome = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/services/$code',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/$env/services/$code/$tab', params: { ...params, tab: 'overview' }, search: {} });
  },
});
const operations = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/operations',
  validateSearch: OperationsSearch,
  component: lazyRouteComponent(
    withTexts(() => import('../pages/operations/OperationsPage.js')),
    'OperationsPage',
  ),
});
const operation = createRoute({
  getParentRoute: () => inside,
  path: '/operations/$id',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/operations/OperationPage.js')),
    'OperationPage',
  ),
});
const clusters = createRoute({
  getParentRoute: () => inside,
  path: '/clusters',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/clusters/ClustersPage.js')),
    'ClustersPage',
  ),
});
const topology = createRoute({
  getParentRoute: () => inside,
  path: '/clusters/topology',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/clusters/TopologyPage.js')),
    'TopologyPage',
  ),
});
const addCluster = createRoute({
  getParentRoute: () => inside,
  path: '/clusters/add',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/clusters/AddClusterPage.js')),
    'AddClusterPage',
  ),
});
const cmdb = createRoute({
  getParentRoute: () => inside,
  path: '/admin/cmdb',
  validateSearch: z.object({ tab: z.enum(['pushes', 'vanished', 'mapping']).optional().catch(undefined) }),
  component: lazyRouteComponent(
    withTexts(() => import('../pages/cmdb/CmdbPage.js')),
    'CmdbPage',
  ),
});
const cmdbPush = createRoute({
  getParentRoute: () => inside,
  path: '/admin/cmdb/pushes/$push',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/cmdb/PushPage.js')),
    'PushPage',
  ),
});
const members = createRoute({
  getParentRoute: () => inside,
  path: '/admin/members',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/MembersPage.js')),
    'MembersPage',
  ),
});
const audit = createRoute({
  getParentRoute: () => inside,
  path: '/admin/audit',
  validateSearch: AuditFilter,
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/AuditPage.js')),
    'AuditPage',
  ),
});
const deadLetters = createRoute({
  getParentRoute: () => inside,
  path: '/admin/dead-letters',
  validateSearch: z.object({
    owner: DeadLetterOwner.optional(),
    state: z.enum(['open', 'resolved', 'all']).optional(),
    text: z.string().optional(),
  }),
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/DeadLettersPage.js')),
    'DeadLettersPage',
  ),
});
const deadLetter = createRoute({
  getParentRoute: () => inside,
  path: '/admin/dead-letters/$owner/$id',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/DeadLetterPage.js')),
    'DeadLetterPage',
  ),
});
const projectMembers = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/members',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/MembersOfProjectPage.js')),
    'MembersOfProjectPage',
  ),
});
const projectAudit = createRoute({
  getParentRoute: () => inside,
  path: '/p/$project/$env/audit',
  validateSearch: AuditFilter,
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/AuditOfProjectPage.js')),
    'AuditOfProjectPage',
  ),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(
    withTexts(() => import('../pages/admin/MembersAccountPage.js')),
    'AccountPage',
  ),
});

const tree = root.addChildren([
  login,
  password,
  inside.addChildren([
    home,
    now,
    services,
    deploy,
    registryCredentials,
    service,
    serviceHome,
    operations,
    operation,
    clusters,
    topology,
    addCluster,
    cmdb,
    cmdbPush,
    members,
    audit,
    deadLetters,
    deadLetter,
    projectMembers,
    projectAudit,
    account,
  ]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
  });
}
