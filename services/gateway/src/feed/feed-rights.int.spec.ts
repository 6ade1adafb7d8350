import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allows, FeedHint, roleNames, type BindingScope, type Permission, type RoleBinding } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { eventually } from '@berth/testing';
import { ProjectStore } from '../projects/projects.store.pg.js';
import { EventReader } from '../rig/event-reader.js';
import { GatewayRig, type Copy } from '../rig/gateway.rig.js';
import type { NewHint } from './feed.js';
import { FeedStore } from './feed.store.pg.js';

const tenants: Readonly<Record<string, string>> = { shop: 't1', other: 't2' };
const scopes: BindingScope[] = [
  'platform',
  'tenant:t1',
  'project:shop',
  'environment:shop/dev',
  'environment:shop/prod',
];
const places = Object.keys(tenants).flatMap((project) =>
  (['dev', 'prod'] as const).map((environment) => ({ project, environment })),
);
const hints: NewHint[] = [
  ...places.flatMap((place) => [
    { kind: 'service' as const, key: `service ${place.project}/${place.environment}`, version: 1, ...place },
    { kind: 'operation' as const, key: `operation ${place.project}/${place.environment}`, version: 1, ...place },
  ]),
  ...Object.keys(tenants).map((project) => ({
    kind: 'project' as const,
    key: `project ${project}`,
    version: 1,
    project,
  })),
  { kind: 'operation', key: 'operation of no project', version: 1 },
  { kind: 'cluster', key: 'cluster', version: 1 },
  { kind: 'cmdb', key: 'cmdb', version: 1 },
];

let rig: GatewayRig;
let copy: Copy;

beforeAll(async () => {
  rig = await GatewayRig.start();
  copy = await rig.another();
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
}, 60_000);
afterAll(() => rig.close());

const permissionOf: Readonly<Record<FeedHint['kind'], Permission>> = {
  service: 'service.read',
  operation: 'operation.read',
  cluster: 'cluster.read',
  project: 'project.read',
  cmdb: 'cmdb.read',
};

/** What libs/api says, without any code of the gateway. */
function isVisible(bindings: RoleBinding[], { kind, project, environment }: NewHint): boolean {
  const permission = permissionOf[kind];
  // Clusters belong to nobody: whoever may read them anywhere may read them.
  if (kind === 'cluster')
    return environmentNames.some((name) =>
      Object.entries(tenants).some(([slug, tenant]) =>
        allows(bindings, permission, { project: slug, environment: name, tenant }),
      ),
    );
  if (project === undefined) return allows(bindings, permission, {});
  const tenant = tenants[project] as string;
  return allows(bindings, permission, {
    project,
    tenant,
    ...(environment && { environment: environment as EnvironmentName }),
  });
}

async function open(bindings: RoleBinding[]): Promise<EventReader> {
  const { headers } = await rig.visitor(bindings);
  return EventReader.open(`${copy.url}/api/v1/feed`, { ...headers, 'last-event-id': '0' });
}

describe('the rights of the feed', () => {
  test('are asked for a hint of every kind', () =>
    expect([...new Set(hints.map(({ kind }) => kind))].sort()).toEqual([...FeedHint.shape.kind.options].sort()));

  test(`each of 7 roles in 5 scopes, and nobody's, sees of 13 hints exactly those that the table of rights allows`, async () => {
    const cases = [[], ...roleNames.flatMap((role) => scopes.map((scope) => [{ role, scope }]))] as RoleBinding[][];
    await rig.database.transaction((tx) => new FeedStore().add(tx, hints));
    const admin = await open([{ role: 'platform-admin', scope: 'platform' }]);
    await eventually(() => expect(admin.hints()).toHaveLength(hints.length));
    const readers = await Promise.all(cases.map(open));
    await eventually(() => expect(readers.every(({ events }) => events.length > 0)).toBe(true));
    // A copy that leaves ends its streams, so that what is not there by then does not come.
    await copy.close();
    await eventually(() => expect(readers.filter(({ isEnded }) => !isEnded)).toHaveLength(0));
    const seen = readers.map((reader, index) => [cases[index], reader.hints().map(({ data }) => data.key)]);
    expect(seen).toEqual(
      cases.map((bindings) => [bindings, hints.filter((hint) => isVisible(bindings, hint)).map(({ key }) => key)]),
    );
    expect(new Set(seen.map(([, keys]) => keys?.length)).size).toBeGreaterThan(3);
  }, 60_000);
});
