import { describeScopes, type OwnerHttp } from '@berth/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startOwner } from './owner.rig.js';
import { anImage, aSpec, Harness, policy } from './service/service.harness.js';

let http: OwnerHttp;

beforeAll(async () => {
  http = await startOwner();
  const it = new Harness(http.at.database, () => http.close());
  for (const project of ['mine', 'theirs']) await deployed(it, project);
}, 60_000);
afterAll(() => http.close());

describeScopes('ipaas', () => http, {
  listServices: 'environment',
  listServiceUsage: 'environment',
  getTopology: 'environment',
  listImages: 'environment',
  listNodeUsage: 'nobody',
});

/** A service with a release, a container and an image of its own, in the catalogue of its business line. */
async function deployed(it: Harness, project: string): Promise<void> {
  const updatedAt = it.clock.now().toISOString();
  const businessLine = { code: `line-${project}`, name: project };
  await it.handle('projectState', {
    ...{ slug: project, code: project, name: project, businessLine, cmdbId: project, updatedAt },
    ...{ retired: false, allowsUnregistered: true },
  });
  const service = { key: `${project}/test/cart`, uid: randomUUID() };
  const image = {
    ...anImage('1.0'),
    repository: `${project}/cart`,
    reference: `hub.example/${project}/cart@${anImage('1.0').digest}`,
  };
  const data = {
    ...service,
    name: project,
    spec: aSpec({ image: `hub.example/${project}/cart:1.0` }),
    image,
    replicas: 2,
    policy,
  };
  const operationId = await it.handle('deployService', data);
  const assignments = [{ cluster: 'beijing', replicas: 2, epoch: 1, reason: { code: 'even_share' } }];
  const placed = { ...service, specVersion: 1, generation: 1, total: 2, stopped: false, policy, assignments };
  await it.handle('placed', placed, operationId);
  await it.observe(service.uid, 'beijing');
  await it.database.query(
    `insert into container (uid, service_uid, cluster, namespace, name, release, node, state, ready, restarts, restart_marks,
       created_at)
     values ($1, $2, 'beijing', $1, $1, 1, 'node-1', 'running', true, 0, '{}', now())`,
    [`${project}-test`, service.uid],
  );
}
