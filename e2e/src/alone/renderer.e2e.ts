import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { routes } from '@berth/api';
import { berthLabels } from '@berth/clients/kubernetes';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deployBody } from '../bodies.js';
import { changedBuild, runBuild } from '../builds.js';
import { clusters } from '../cluster.js';
import { administrator } from '../people.js';
import { status } from '../platform.js';
import { sampleImage, sampleProject } from '../sample.js';

const newVersion = 1001;
const newLabel = 'berth.dev/of-the-next-build';

/** The renderer of the next build: another version, and another pod template. */
function nextRenderer(text: string): string {
  const changes = [
    [/RENDERER_VERSION = \d+/g, `RENDERER_VERSION = ${newVersion}`],
    [/labels: \{ \.\.\.labels,/g, `labels: { ...labels, '${newLabel}': 'yes',`],
  ] as const;
  return changes.reduce((changed, [from, to]) => {
    if ([...text.matchAll(from)].length !== 1) throw new Error(`the renderer has not exactly one ${from}`);
    return changed.replace(from, to);
  }, text);
}

/** Berth itself is upgraded: its new build renders other objects. */
describe('a build of ipaas with another renderer', () => {
  const code = `built-${randomUUID().slice(0, 6)}`;
  let admin: ApiUser;
  let service: { project: string; environment: 'test'; service: string };
  let before: Map<string, Running>;

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    const body = deployBody(code, sampleImage('1.0'), { replicas: 2 });
    await admin.operate(routes.deployService, { params: service, body });
    before = await running();
    await runBuild('ipaas', changedBuild('ipaas', 'workload/render.js', nextRenderer));
  });
  afterAll(async () => {
    await runBuild('ipaas', null);
    await admin.operate(routes.deleteService, { params: service });
  });

  test('runs as every copy of ipaas', async () => {
    const copies = (await status()).services.filter((row) => row.service === 'ipaas');
    expect(copies.length).toBeGreaterThanOrEqual(2);
    for (const { pid } of copies) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('next-ipaas');
  });

  test('restarts 0 containers and changes 0 objects, also when it works on a service in both clusters', async () => {
    const scaled = await admin.operate(routes.scaleService, { params: service, body: { replicas: 4 } });
    expect(scaled.state).toBe('succeeded');
    const now = await running();
    expect(before.size).toBeGreaterThan(4);
    for (const [name, was] of before) {
      const is = now.get(name);
      // A scale raises the generation of this Deployment, and changes nothing of its template.
      const generation = name.endsWith(`/${code}`) ? (is?.generation ?? null) : was.generation;
      expect([name, is]).toEqual([name, { ...was, generation }]);
    }
  });

  test('renders the next release', async () => {
    const { spec, specVersion } = await admin.ok(routes.getService, { params: service });
    const body = { spec: { ...spec, image: sampleImage('1.1') } };
    const upgraded = await admin.operate(routes.upgradeService, { params: service, ifMatch: specVersion, body });
    expect(upgraded).toMatchObject({ state: 'succeeded', problem: null });
    const { items } = await admin.ok(routes.listReleases, { params: service });
    expect(items.map(({ number, rendererVersion }) => [number, rendererVersion])).toEqual([
      [2, newVersion],
      [1, expect.any(Number)],
    ]);
    expect(items[1]?.rendererVersion).not.toBe(newVersion);
    const ofNextBuild = [...(await running())].filter(([, { template }]) => template.includes(newLabel));
    expect(ofNextBuild.map(([name]) => name).sort()).toEqual([
      `beijing Deployment ${service.project}-test/${code}`,
      `shanghai Deployment ${service.project}-test/${code}`,
    ]);
  });
});

/** What tells that an object or a container is the same as before. */
interface Running {
  readonly uid: string;
  readonly generation: number | null;
  readonly restarts: number | null;
  readonly template: string;
}

interface Workload {
  readonly spec: { readonly template?: object };
  readonly status?: { readonly containerStatuses?: readonly { restartCount: number }[] };
}

/** Every Deployment and every container of the platform's services, by cluster, kind and name. */
async function running(): Promise<Map<string, Running>> {
  const found = new Map<string, Running>();
  for (const [cluster, client] of await clusters())
    for (const kind of ['Deployment', 'Pod'] as const) {
      const { items } = await client.list(kind, { labelSelector: berthLabels.serviceUid });
      for (const { metadata, ...rest } of items) {
        const { spec, status: seen } = rest as unknown as Workload;
        const { uid, generation, deletionTimestamp } = metadata;
        if (deletionTimestamp) continue;
        found.set(`${cluster} ${kind} ${metadata.namespace}/${metadata.name}`, {
          uid,
          generation: kind === 'Deployment' ? (generation ?? null) : null,
          restarts: seen?.containerStatuses?.[0]?.restartCount ?? null,
          template: JSON.stringify(spec.template ?? null),
        });
      }
    }
  return found;
}
