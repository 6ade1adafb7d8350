import { preflightPath, routes } from '@berth/api';
import { checkRoutesServed, servedRoutes } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import type { OwnerHttp } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startOwner } from './owner.rig.js';
import { Harness, registration } from './spec-harness.js';

let http: OwnerHttp;
const uid = randomUUID();
const size = { cpuMillis: 1_000, memoryMiB: 1_024 };
const policy = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };

beforeAll(async () => {
  http = await startOwner();
  const it = new Harness(http.at);
  await it.cluster('beijing');
  await it.cluster('shanghai');
  await it.handle('placeService', {
    key: 'shop/prod/cart',
    uid,
    specVersion: 1,
    size,
    initial: { replicas: 4, policy },
  });
}, 60_000);
afterAll(() => http.close());

async function preflight(
  route: (typeof routes)['scaleService' | 'startService' | 'stopService' | 'registerCluster' | 'readmitCluster'],
  params: Record<string, string>,
  body: object,
) {
  const payload = { params, body, ifVersion: null };
  return http.app.inject({
    method: 'POST',
    url: preflightPath(route),
    payload,
    headers: await http.as(route.permission as Identity['permissions'][number]),
  });
}
const cart = { project: 'shop', environment: 'prod', service: 'cart' };

describe('the HTTP side of cluster-mgr', () => {
  test('every route of the table is served once', () => {
    expect(() => checkRoutesServed('cluster-mgr', servedRoutes(http.app))).not.toThrow();
  });

  test('clusters are listed with proof, capacity, reservations, nodes and services', async () => {
    const answer = await http.app.inject({ url: routes.listClusters.path, headers: await http.as('cluster.read') });
    const { items } = routes.listClusters.response.parse(answer.json());
    expect(items).toMatchObject([
      {
        name: 'beijing',
        phase: 'ready',
        reason: 'answers in 12 ms; watch live; last heard 0 s ago',
        proof: [
          { code: 'answers', params: { latencyMs: 12 } },
          { code: 'watch_live', params: {} },
          { code: 'heard', params: { seconds: 0 } },
        ],
        version: 'v1.34.4',
        watch: 'live',
        probe: { kind: 'ok', latencyMs: 12 },
        capacity: {
          allocatable: { cpuMillis: 8_000 },
          reserved: { cpuMillis: 2_000, pods: 2 },
          foreign: { pods: 0 },
          limits: { cpuMillis: 2_000, memoryMiB: 2_048 },
        },
        nodes: [{ name: 'beijing-1' }],
        services: 1,
        environments: ['dev', 'test', 'staging', 'prod'],
      },
      { name: 'shanghai' },
    ]);
    const one = await http.app.inject({ url: '/api/v1/clusters/shanghai', headers: await http.as('cluster.read') });
    expect(routes.getCluster.response.parse(one.json())).toMatchObject({ name: 'shanghai', services: 1 });
    expect(
      (await http.app.inject({ url: '/api/v1/clusters/wuhan', headers: await http.as('cluster.read') })).json(),
    ).toMatchObject({ status: 404 });
  });

  test('a preview for a service counts its own place as free, and explains what does not fit', async () => {
    const url = '/api/v1/projects/shop/environments/prod/placement-preview';
    const ask = async (body: object) =>
      routes.previewPlacement.response.parse(
        (
          await http.app.inject({
            method: 'POST',
            url,
            payload: body,
            headers: await http.as('service.read', ['shop/prod']),
          })
        ).json(),
      );
    const fits = await ask({ size, replicas: 14, policy, service: 'cart' });
    expect(fits).toMatchObject({
      placeable: true,
      clusters: [
        { cluster: 'beijing', replicas: 7 },
        { displayName: 'SHANGHAI', replicas: 7 },
      ],
    });
    expect(await ask({ size, replicas: 14, policy })).toMatchObject({
      placeable: false,
      clusters: [{ replicas: 0, reason: { code: 'too_little_memory', params: { fits: 5 } }, freeMemoryMiB: 5_952 }, {}],
    });
    const elsewhere = await http.app.inject({
      method: 'POST',
      url,
      payload: { size, replicas: 1, policy },
      headers: await http.as('service.read', ['shop/dev']),
    });
    expect(elsewhere.statusCode).toBe(403);
  });

  test('the preflight of a scale answers with the data of the command, uid included', async () => {
    const answer = await preflight(routes.scaleService, cart, { replicas: 6, cause: 'more guests' });
    expect(answer.json()).toEqual({ data: { key: 'shop/prod/cart', uid, replicas: 6, cause: 'more guests' } });
  });

  test.each([
    ['scaled to what it has', routes.scaleService, { replicas: 4 }, 409, 'nothing_to_do'],
    ['scaled to 100', routes.scaleService, { replicas: 100 }, 409, 'no_capacity'],
    ['scaled to 0', routes.scaleService, { replicas: 0 }, 400, 'bad_request'],
    ['started', routes.startService, {}, 409, 'nothing_to_do'],
  ] as const)(
    'a running service of 4 that is %s is refused before acceptance',
    async (_, route, body, status, code) => {
      expect((await preflight(route, cart, body)).json()).toMatchObject({ status, code });
    },
  );

  test('a service that is not there is 404', async () => {
    expect((await preflight(routes.stopService, { ...cart, service: 'ghost' }, {})).json()).toMatchObject({
      status: 404,
    });
  });

  test('a registration is checked: name taken, no certificate, not https', async () => {
    const { name, ...rest } = registration('beijing');
    expect((await preflight(routes.registerCluster, {}, { name, ...rest })).json()).toMatchObject({
      code: 'cluster_exists',
    });
    expect((await preflight(routes.registerCluster, {}, { name: 'wuhan', ...rest })).json()).toMatchObject({
      data: { name: 'wuhan' },
    });
    const noCa = { name: 'wuhan', ...rest, caPem: 'x' };
    expect((await preflight(routes.registerCluster, {}, noCa)).json()).toMatchObject({ code: 'kubeconfig_invalid' });
    const http = { name: 'wuhan', ...rest, apiServer: 'http://a.example' };
    expect((await preflight(routes.registerCluster, {}, http)).json()).toMatchObject({ code: 'kubeconfig_invalid' });
    expect((await preflight(routes.readmitCluster, { cluster: 'beijing' }, {})).json()).toMatchObject({
      code: 'nothing_to_do',
    });
  });
});
