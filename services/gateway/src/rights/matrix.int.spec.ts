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
import { ProjectStore } from '../projects/projects.store.pg.js';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { json, type Reached } from '../rig/stub-owner.js';

let rig: GatewayRig;
const tenants: Readonly<Record<string, string>> = { shop: 't1', other: 't2' };
const scopes: BindingScope[] = [
  'platform',
  'tenant:t1',
  'project:shop',
  'environment:shop/dev',
  'environment:shop/prod',
];
const guarded = routeTable.filter(({ permission }) => permission !== 'public' && permission !== 'session');

beforeAll(async () => {
  rig = await GatewayRig.start();
  for (const [slug, tenant] of Object.entries(tenants))
    await new ProjectStore().save(rig.database, {
      slug,
      code: slug,
      name: slug,
      businessLine: { code: tenant, name: tenant },
      cmdbId: slug,
      retired: false,
      allowsUnregistered: true,
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
  for (const owner of Object.values(rig.owners))
    owner.answering = ({ url }, response) =>
      url.startsWith('/internal/preflight/')
        ? json(response, 409, problemOf('nothing_to_do', { reason: 'a spec' }))
        : json(response, 200, { items: [], continue: null });
}, 60_000);
afterAll(() => rig.close());

interface Place {
  readonly project: string;
  readonly environment: EnvironmentName;
}

function placesOf(route: Route): Place[] {
  const environments: EnvironmentName[] = route.path.includes(':environment') ? ['dev', 'prod'] : ['dev'];
  const projects = route.path.includes(':project') ? ['shop', 'other'] : ['shop'];
  return projects.flatMap((project) => environments.map((environment) => ({ project, environment })));
}

/** What libs/api says, without any code of the gateway. */
function isAllowed(route: Route, bindings: RoleBinding[], { project, environment }: Place): boolean {
  const permission = route.permission as Permission;
  if (route.scope === 'none') return allows(bindings, permission, {});
  const tenant = tenants[project] as string;
  if (route.scope === 'url')
    return allows(bindings, permission, {
      project,
      tenant,
      ...(route.path.includes(':environment') && { environment }),
    });
  return Object.entries(tenants).some(([slug, of]) => allows(bindings, permission, { project: slug, tenant: of }));
}

async function visit(
  route: Route,
  visitor: Visitor,
  place: Place,
): Promise<{ status: number; code: string | undefined }> {
  const params = {
    ...place,
    service: 'cart',
    name: 'key',
    cluster: 'beijing',
    id: route.path.includes('/dead-letters/') ? '1' : '00000000-0000-4000-8000-000000000001',
    push: '00000000-0000-4000-8000-000000000001',
    owner: 'gateway',
    source: 'sample',
    username: 'nobody',
  };
  const headers = { ...visitor.headers, 'if-match': '"1"' };
  const answer = await rig.app.inject({
    method: route.method,
    url: pathTo(route, params),
    headers,
    ...(route.method !== 'GET' && route.method !== 'DELETE' && { payload: {} }),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    code: isJson && answer.statusCode >= 400 ? (answer.json().code as string) : undefined,
  };
}

function reachedOwners(): Reached[] {
  return Object.values(rig.owners).flatMap(({ reached }) => reached.splice(0));
}

describe('the rights matrix', () => {
  test.each(roleNames)(
    '%s: every route in every scope is allowed exactly where the table says, and nothing leaks',
    async (role) => {
      let asked = 0;
      for (const scope of scopes) {
        const bindings = [{ role, scope }];
        const visitor = await rig.visitor(bindings);
        for (const route of guarded)
          for (const place of placesOf(route)) {
            const { status, code } = await visit(route, visitor, place);
            const reached = reachedOwners();
            const told = `${role} ${scope} ${route.id} ${place.project}/${place.environment}: ${status} ${code}`;
            asked += 1;
            if (!isAllowed(route, bindings, place)) {
              expect([told, code, reached.length]).toEqual([told, 'forbidden', 0]);
              continue;
            }
            expect([told, code === 'forbidden', status >= 500]).toEqual([told, false, false]);
            for (const { identity } of reached) expectWithin(identity.scopes, bindings, route, told);
          }
      }
      expect(asked).toBe(scopes.length * guarded.flatMap(placesOf).length);
    },
    240_000,
  );

  test('holds every row of the table, streams too, but 14 that need no right', () => {
    const open = routeTable.filter((route) => !guarded.includes(route)).map(({ id }) => id);
    expect(open.sort()).toEqual([
      'changePassword',
      'createOwnToken',
      'endSession',
      'feed',
      'getPlatformHealth',
      'getPreferences',
      'getSession',
      'listOwnTokens',
      'listSessions',
      'login',
      'logout',
      'openapi',
      'revokeOwnToken',
      'savePreferences',
    ]);
    expect(
      guarded
        .filter(({ streams }) => streams)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['exportAudit', 'readLogs']);
  });

  test('without a session 0 routes but the public ones answer', async () => {
    for (const route of routeTable.filter(({ permission }) => permission !== 'public')) {
      const { status } = await visit(route, { userId: '', headers: {} }, { project: 'shop', environment: 'dev' });
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
