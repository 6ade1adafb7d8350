import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { deployBody } from '../bodies.js';
import { clusters } from '../cluster.js';
import { administrator } from '../people.js';
import { eventually } from '../platform.js';
import { sampleImage, sampleProject } from '../sample.js';

interface Live {
  readonly spec: { readonly replicas: number; readonly template: object };
}

/** Somebody changes an object by hand in a cluster. */
describe('a hand edit', () => {
  const code = `drift-${randomUUID().slice(0, 6)}`;
  let admin: ApiUser;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    await admin.operate(routes.deployService, {
      params: service,
      body: deployBody(code, sampleImage('1.0'), { replicas: 2 }),
    });
  });
  afterAll(async () => {
    await admin.operate(routes.deleteService, { params: service });
  });

  test.each([
    ['replicas', { spec: { replicas: 3 } }],
    ['image', { spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example/none:1' }] } } } }],
  ])('of the %s is put right within 5 s and shown with who made it', async (field, change) => {
    const beijing = (await clusters()).get('beijing')!;
    const reference = { kind: 'Deployment' as const, namespace: `${service.project}-test`, name: code };
    const before = (await beijing.get(reference)) as unknown as Live;
    await beijing.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace: reference.namespace, name: code },
        ...change,
      } as never,
      { fieldManager: 'someone', force: true },
    );
    const startedAt = Date.now();
    await eventually(
      `the ${field} put right`,
      async () => {
        const now = (await beijing.get(reference)) as unknown as Live;
        return (
          now.spec.replicas === before.spec.replicas &&
          JSON.stringify(now.spec.template) === JSON.stringify(before.spec.template)
        );
      },
      5_000,
      100,
    );
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    await eventually('the external change on the page', async () => {
      const { externalChanges } = await admin.ok(routes.getService, { params: service });
      return externalChanges.some(
        (row) => row.cluster === 'beijing' && row.field === field && row.manager === 'someone',
      );
    });
  });
});
