import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  allows,
  pathTo,
  problemOf,
  roleNames,
  routeTable,
  type BindingScope,
  type Permission,
  type RoleBinding,
  type Route,
} from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { json, type Reached } from '../rig/stub-owner.js';
import { whoMay, type WhoMay } from '../rig/who-may.js';
import { foreignOperation, foreignPlace, marksIn, tenants, writeRows, type Place } from './matrix.rows.js';

let rig: GatewayRig;
const scopes: BindingScope[] = [
  'platform',
  'tenant:t1',
  'project:shop',
  'environment:shop/dev',
  'environment:shop/prod',
];
/** Routes that somebody with a session may not use by that alone. One without a row fails the first test. */
const closed = routeTable.filter(({ id }) => whoMay[id] && !['everybody', 'a session'].includes(whoMay[id].roles));

beforeAll(async () => {
  rig = await GatewayRig.start();
  await writeRows(rig);
  for (const owner of Object.values(rig.owners))
    owner.answering = ({ url }, response) =>
      url.startsWith('/internal/preflight/')
        ? json(response, 409, problemOf('nothing_to_do', { reason: 'a spec' }))
        : json(response, 200, { items: [], continue: null });
}, 60_000);
afterAll(() => rig.close());

function placesOf(route: Route): Place[] {
  const environments: EnvironmentName[] = route.path.includes(':environment') ? ['dev', 'prod'] : ['dev'];
  const projects = route.path.includes(':project') ? ['shop', 'other'] : ['shop'];
  return projects.flatMap((project) => environments.map((environment) => ({ project, environment })));
}

/** Environments in which the role may use the address, as the committed table says. */
function environmentsOf({ roles }: WhoMay, { role, scope }: RoleBinding): EnvironmentName[] {
  const listed = roles.split(' ').find((name) => name === role || name === `${role}*`);
  const bound = scope.startsWith('environment:') ? scope.split('/')[1] : undefined;
  return environmentNames.filter(
    (name) => listed !== undefined && !(listed.endsWith('*') && name === 'prod') && (bound ?? name) === name,
  );
}

function reaches(scope: BindingScope, project: string): boolean {
  const [kind, value = ''] = scope.split(':');
  if (kind === 'platform') return true;
  return kind === 'tenant' ? tenants[project] === value : value.split('/')[0] === project;
}

/** Without a word of the route table's permissions and without any code of the gateway. */
function isAllowed(route: Route, binding: RoleBinding, { project, environment }: Place): boolean {
  const row = whoMay[route.id] as WhoMay;
  const environments = environmentsOf(row, binding);
  if (row.scope === 'none') return binding.scope === 'platform' && environments.length > 0;
  if (row.scope === 'set') return environments.length > 0;
  const isThere = route.path.includes(':environment') ? environments.includes(environment) : environments.length > 0;
  return isThere && reaches(binding.scope, project);
}

/** Whether a row of the place may be in an answer of the route. Members are listed of the project as a whole. */
function maySee(route: Route, binding: RoleBinding, { project, environment }: Place): boolean {
  const environments = environmentsOf(whoMay[route.id] as WhoMay, binding);
  const isThere = route.id === 'listMembers' ? environments.length > 0 : environments.includes(environment);
  return isThere && reaches(binding.scope, project);
}

const cause = 'a spec';
const image = { image: 'hub.example/shop/cart:1.0', size: { cpuMillis: 500, memoryMiB: 256 } };
const times = { startupAllowanceSeconds: 0, gracefulStopSeconds: 30, rolloutDeadlineSeconds: 300 };
const spec = { ...image, ...times, ports: [], variables: [], readiness: null, liveness: null, runAsUser: null };
/** Bodies of commands that need more than a cause, so that each of them gets as far as its owner. */
const bodies: Readonly<Record<string, object>> = {
  deployService: {
    code: 'cart',
    name: 'cart',
    spec,
    replicas: 1,
    policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
    cause,
  },
  upgradeService: { spec, cause },
  rollbackService: { toRelease: 1, cause },
  scaleService: { replicas: 2, cause },
  splitService: { policy: { mode: 'pinned', clusters: ['beijing'], minPerCluster: 0 }, cause },
  registerCluster: {
    ...{ name: 'third', displayName: 'Third', site: 'here', reach: 'podIP', credential: { name: 'third', version: 1 } },
    ...{ apiServer: 'https://cluster.example:6443', caPem: 'pem' },
  },
};
const bodyOf = (route: Route) =>
  bodies[route.id] ?? (route.kind === 'command' && route.method !== 'DELETE' ? { cause } : {});

interface Visited {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

async function visit(route: Route, headers: Visitor['headers'], place: Place): Promise<Visited> {
  const params = {
    ...place,
    ...{ service: 'cart', name: 'key', cluster: 'beijing', push: foreignOperation, owner: 'gateway', source: 'sample' },
    ...{ id: route.path.includes('/dead-letters/') ? '1' : foreignOperation, username: 'nobody' },
  };
  const query = route.kind === 'command' && route.method === 'DELETE' ? `?cause=${encodeURIComponent(cause)}` : '';
  const answer = await rig.app.inject({
    method: route.method,
    url: pathTo(route, params) + query,
    headers: { ...headers, 'if-match': '"1"' },
    ...(route.method !== 'GET' && route.method !== 'DELETE' && { payload: bodyOf(route) }),
  });
  const isProblem = answer.statusCode >= 400 && String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    code: isProblem ? (answer.json().code as string) : undefined,
    text: answer.body,
  };
}

function reachedOwners(): Reached[] {
  return Object.values(rig.owners).flatMap(({ reached }) => reached.splice(0));
}

/** Visits a route as somebody, and finds nothing but what the committed table allows. */
async function check(route: Route, headers: Visitor['headers'], binding: RoleBinding, place: Place): Promise<void> {
  const { status, code, text } = await visit(route, headers, place);
  const reached = reachedOwners();
  const told = `${binding.role} ${binding.scope} ${route.id} ${place.project}/${place.environment}: ${status} ${code}`;
  if (!isAllowed(route, binding, place)) {
    expect([told, code, reached.length, marksIn(text)]).toEqual([told, 'forbidden', 0, []]);
    return;
  }
  const further = routeTable.find(({ id }) => id === whoMay[route.id]?.further);
  const lacksFurther = further !== undefined && !maySee(further, binding, foreignPlace);
  expect([told, code === 'forbidden' && !lacksFurther, status >= 500]).toEqual([told, false, false]);
  expect([told, marksIn(text).filter((row) => !maySee(route, binding, row))]).toEqual([told, []]);
  if (route.kind === 'command' || route.kind === 'read') expect([told, reached.length]).toEqual([told, 1]);
  for (const { identity } of reached) expectWithin(identity.scopes, [binding], route, told);
}

describe('the rights matrix', () => {
  test('has a row for every route of the table, and none that is gone', () => {
    expect(Object.keys(whoMay).sort()).toEqual(routeTable.map(({ id }) => id).sort());
    for (const route of routeTable.filter(({ kind }) => kind === 'command'))
      expect([route.id, route.body.safeParse(bodyOf(route)).error]).toEqual([route.id, undefined]);
    for (const { id, streams } of routeTable) if (streams) expect(['feed', 'exportAudit', 'readLogs']).toContain(id);
  });

  test('shows rows of every list to those who may see them', async () => {
    const { headers } = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    for (const id of ['listOperations', 'getOperation', 'listAcknowledgements', 'listProjectAudit', 'listMembers']) {
      const { text } = await visit(routeTable.find((route) => route.id === id) as Route, headers, foreignPlace);
      expect([id, marksIn(text)]).toEqual([id, expect.arrayContaining([foreignPlace])]);
    }
    reachedOwners();
  });

  test.each(roleNames)(
    '%s: every route in every scope is allowed exactly where the table says, and 0 rows of another place are in an answer',
    async (role) => {
      for (const scope of scopes) {
        const { headers } = await rig.visitor([{ role, scope }]);
        for (const route of closed)
          for (const place of placesOf(route)) await check(route, headers, { role, scope }, place);
      }
    },
    240_000,
  );

  test('is the same for the token of a person', async () => {
    for (const binding of [
      { role: 'developer', scope: 'project:shop' },
      { role: 'auditor', scope: 'tenant:t1' },
    ] as const) {
      const { headers } = await rig.visitor([binding]);
      const payload = { name: 'script', expiresInDays: 1 };
      const made = await rig.app.inject({ method: 'POST', url: '/api/v1/session/tokens', headers, payload });
      const bearer = { authorization: `Bearer ${made.json().token as string}` };
      for (const route of closed) for (const place of placesOf(route)) await check(route, bearer, binding, place);
    }
  }, 120_000);

  test.each(['cmdb.push', 'cmdb.pull'] as const)(
    'the machine token for %s opens the addresses that name it and 0 others',
    async (permission) => {
      const { headers } = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
      const payload = { name: 'machine', permission, expiresInDays: 1 };
      const made = await rig.app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload });
      const bearer = { authorization: `Bearer ${made.json().token as string}` };
      for (const route of routeTable.filter(({ id }) => whoMay[id]?.roles !== 'everybody')) {
        const { status, text } = await visit(route, bearer, { project: 'shop', environment: 'dev' });
        const isOpen = whoMay[route.id]?.token === permission;
        expect([route.id, status === 200, marksIn(text), reachedOwners().length]).toEqual([
          route.id,
          isOpen,
          [],
          isOpen ? 1 : 0,
        ]);
      }
    },
    60_000,
  );

  test('without a session 0 routes but the public ones answer', async () => {
    for (const route of routeTable.filter(({ id }) => whoMay[id]?.roles !== 'everybody')) {
      const { status } = await visit(route, {}, { project: 'shop', environment: 'dev' });
      expect([route.id, status]).toEqual([route.id, 401]);
    }
    expect(reachedOwners()).toHaveLength(0);
  });

  test('every refused write of the matrix left an audit row', async () => {
    const [row] = await rig.database.query<{ count: number }>(`select count(*) from audit where result = 'forbidden'`);
    expect(row?.count).toBeGreaterThan(100);
  });
});

/** The identity that the owner gets must not reach further than the bindings. */
function expectWithin(scopes: 'all' | string[], bindings: RoleBinding[], route: Route, told: string): void {
  const permission = route.permission as Permission;
  if (scopes === 'all') {
    const everywhere = environmentNames.every((environment) => allows(bindings, permission, { environment }));
    expect([told, route.scope === 'none' || everywhere]).toEqual([told, true]);
    return;
  }
  for (const entry of scopes) {
    const [project = '', environment] = entry.split('/') as [string, EnvironmentName];
    expect([
      told,
      entry,
      allows(bindings, permission, { project, environment, tenant: tenants[project] ?? '' }),
    ]).toEqual([told, entry, true]);
  }
}
