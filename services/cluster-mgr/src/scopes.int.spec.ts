import { describeScopes, type OwnerHttp } from '@berth/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startOwner } from './owner.rig.js';
import { Harness } from './spec-harness.js';

let http: OwnerHttp;

beforeAll(async () => {
  http = await startOwner();
  const it = new Harness(http.at);
  await it.cluster('beijing');
  const size = { cpuMillis: 500, memoryMiB: 256 };
  const initial = { replicas: 2, policy: { mode: 'spread' as const, clusters: [], minPerCluster: 0 } };
  for (const project of ['mine', 'theirs'])
    await it.handle('placeService', { key: `${project}/test/cart`, uid: randomUUID(), specVersion: 1, size, initial });
}, 60_000);
afterAll(() => http.close());

describeScopes('cluster-mgr', () => http, { listClusters: 'nobody', getCluster: 'nobody' });

test('everybody who may read clusters sees them all: they belong to no business line', async () => {
  expect(await http.at.database.query('select key from placement')).toHaveLength(2);
  for (const url of ['/api/v1/clusters', '/api/v1/clusters/beijing']) {
    const answer = await http.app.inject({ url, headers: await http.as('cluster.read', ['mine/test']) });
    expect(answer.body).toContain('"beijing"');
  }
});
