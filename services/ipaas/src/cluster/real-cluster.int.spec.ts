import { createClusterClient, parseKubeconfig, type ClusterClient } from '@berth/clients/kubernetes';
import { createRegistryClient } from '@berth/clients/registry';
import type { ResolvedImage } from '@berth/contracts';
import { silentLogger } from '@berth/platform/log';
import { eventually, testSetting } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { IpaasConfig } from '../config.js';
import { ContainerService } from '../container/container.service.js';
import { ContainerStore } from '../container/container.store.pg.js';
import { EventService } from '../container/event.service.js';
import { KeptLogService } from '../container/kept-log.service.js';
import { KeptLogStore } from '../container/kept-log.store.pg.js';
import { LogService } from '../container/log.service.js';
import { aRender, aSpec } from '../workload/workload.builders.js';
import { ClusterDialer } from './cluster-clients.js';
import { ClusterRig, type Copy, type GivenService } from './cluster.rig.js';
import { ClusterService } from './cluster.service.js';

jest.setTimeout(120_000);

/** The first cluster of the running local platform. Without it this fails: it must not be skipped. */
function setting(name: string): string {
  const found = testSetting(name);
  if (!found) throw new Error(`${name} is not set: start the local platform (npm run up)`);
  return found.value.split(',')[0] ?? '';
}

function kubeconfig(name: string): string {
  return readFileSync(setting(name), 'utf8');
}

function connect(text: string): ClusterClient {
  const parsed = parseKubeconfig(text);
  if (parsed.kind !== 'ok') throw new Error(parsed.detail);
  return createClusterClient(parsed.connection, { lastBackoffMs: 5_000 });
}

async function resolved(tag: string): Promise<ResolvedImage> {
  const host = setting('BERTH_TEST_REGISTRY_NAME');
  const registry = createRegistryClient({ mirrors: { [host]: setting('BERTH_TEST_REGISTRY_URL') } });
  const image = await registry.resolve(`${host}/berth/sample-api:${tag}`, { architecture: 'amd64' });
  if (image.kind !== 'resolved') throw new Error(`${tag}: ${image.kind}`);
  const { reference, repository, digest, architecture, user, sizeBytes } = image;
  return { reference, repository, tag, digest, architecture, user, sizeBytes, exposedPorts: [] };
}

const installationId = setting('BERTH_TEST_INSTALLATION_ID');
const project = `spec-${randomBytes(3).toString('hex')}`;
const key = `${project}/test/web`;
const namespace = `${project}-test`;
const spec = aSpec({
  size: { cpuMillis: 100, memoryMiB: 64 },
  gracefulStopSeconds: 3,
  readiness: { kind: 'http', path: '/healthz', port: 8080, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 2 },
});

let rig: ClusterRig;
let copy: Copy;
let admin: ClusterClient;
let web: GivenService;
let containers: ContainerService;
let logs: LogService;

beforeAll(async () => {
  rig = await ClusterRig.open(installationId);
  admin = connect(kubeconfig('BERTH_TEST_KUBECONFIGS'));
  copy = await rig.start('ipaas-1', () => connect(kubeconfig('BERTH_TEST_PLATFORM_KUBECONFIGS')));
  containers = new ContainerService(rig.database, new ContainerStore());
  const kept = new KeptLogService(rig.database, new KeptLogStore());
  logs = new LogService(copy.clients, containers, kept, silentLogger());
  web = await rig.addService({ key, spec, image: await resolved('1.0') });
});

afterAll(async () => {
  await rig.close();
  const home = await admin.get({ kind: 'Namespace', name: namespace });
  await admin.remove({ kind: 'Namespace', name: namespace }, { uid: home.metadata.uid, propagation: 'Background' });
  await admin.close();
});

async function arrived(change: Record<string, unknown>, withinMs = 60_000): Promise<void> {
  await eventually(
    async () => expect(await rig.observed(web)).toMatchObject({ rolledOut: true, fresh: true, ...change }),
    withinMs,
  );
}

async function textOf(stream: Readable, until: (text: string) => boolean = () => false): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (until(text)) break;
  }
  return text;
}

const query = { follow: 'false', previous: 'false', tailLines: 100 } as const;

async function aContainer(): Promise<string> {
  const { items } = await containers.list(key, { past: 'false', limit: 10 });
  return items.find(({ state }) => state === 'running')?.name ?? '';
}

describe('a real cluster', () => {
  test('the kubeconfig of least rights passes every check and is sealed; one that lies does not', async () => {
    const config = {
      BERTH_INSTALLATION_ID: installationId,
      BERTH_OFFERED_IMAGES: ['nowhere.example/web'],
    } as Partial<IpaasConfig> as IpaasConfig;
    const service = new ClusterService(rig.database, rig.clusters, rig.seal, new ClusterDialer(), config);
    const text = kubeconfig('BERTH_TEST_PLATFORM_KUBECONFIGS');
    const { credential, checks, apiServer } = await service.sealCredential('checked', text, 'spec');
    expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(checks.find(({ name }) => name === 'image_pull')).toMatchObject({
      state: 'warning',
      code: 'pull_not_checked',
      params: { registries: expect.stringContaining('nowhere.example') },
    });
    expect(credential).toEqual({ name: 'checked', version: 1 });
    const stored = JSON.stringify(await rig.clusters.credential(rig.database, 'checked', 1));
    expect(stored).not.toContain(new URL(apiServer).host);
    const elsewhere = text.replace(new URL(apiServer).host, '127.0.0.1:9');
    const lie = await service.sealCredential('checked', elsewhere, 'spec');
    expect(lie).toMatchObject({ credential: null, checks: [{ name: 'reachable', state: 'failed' }] });
    await expect(service.sealCredential('checked', 'not: one', 'spec')).rejects.toMatchObject({
      problem: { code: 'kubeconfig_invalid' },
    });
  });

  test('a target of 2 replicas is rolled out with the rights that we bind ourselves, and needs no further write', async () => {
    await arrived({ ready: 2, release: 1 });
    const before = copy.dialer.writes;
    await rig.database.query(`select pg_notify('ipaas_target', '')`);
    await eventually(async () => {
      const { items } = await containers.list(key, { past: 'false', limit: 10 });
      expect(items.map(({ state, ready }) => ({ state, ready }))).toEqual([
        { state: 'running', ready: true },
        { state: 'running', ready: true },
      ]);
    });
    expect(copy.dialer.writes).toBe(before);
  });

  test('the output of a container is read, followed and ended with its reader', async () => {
    const container = await aContainer();
    const text = await textOf(await logs.read(key, { ...query, cluster: 'beijing', container }));
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { at: string; text: string });
    expect(lines.length).toBeGreaterThan(0);
    expect(Date.parse(lines[0]?.at ?? '')).not.toBeNaN();
    const following = await logs.read(key, { ...query, follow: 'true', cluster: 'beijing', container });
    expect(await textOf(following, (heard) => heard.includes('"text"'))).toContain('"text"');
    expect(following.destroyed).toBe(true);
    const previous = await textOf(await logs.read(key, { ...query, previous: 'true', cluster: 'beijing', container }));
    expect(JSON.parse(previous)).toMatchObject({ notice: 'gone' });
  });

  test('events of the service are its own, newest first', async () => {
    const service = new EventService(rig.database, containers, new ContainerStore(), copy.clients);
    const { items: events } = await service.list(key);
    expect(new Set(events.map(({ reason }) => reason))).toContain('ScalingReplicaSet');
    expect(events.some(({ kind, reason }) => kind === 'Pod' && reason === 'Started')).toBe(true);
    const times = events.map(({ lastAt }) => lastAt ?? '');
    expect(times).toEqual([...times].sort().reverse());
  });

  test('kubectl sets replicas, then an image: both are put right within 5 s and shown with its name', async () => {
    const metadata = { name: 'web', namespace };
    const live = () => admin.get({ kind: 'Deployment', name: 'web', namespace });
    await admin.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 1 } },
      { fieldManager: 'kubectl-scale' },
    );
    await eventually(async () => {
      expect((await live())['spec']).toMatchObject({ replicas: 2 });
      expect(await rig.externalChange(web)).toMatchObject({ field: 'replicas', manager: 'kubectl-scale' });
    }, 5_000);
    const containers_ = [{ name: 'main', image: 'registry.invalid/other:1' }];
    const edit = { template: { spec: { containers: containers_ } } };
    await admin.apply(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: edit },
      { fieldManager: 'kubectl-edit' },
    );
    await eventually(async () => {
      expect(JSON.stringify((await live())['spec'])).not.toContain('registry.invalid');
      expect(await rig.externalChange(web)).toMatchObject({ field: 'image', manager: 'kubectl-edit' });
    }, 5_000);
    await arrived({ ready: 2 });
  });

  test('an upgrade under load fails no request', async () => {
    const [row] = await rig.database.query<{ addresses: { kind: string; address: string; port: number }[] }>(
      'select addresses from service_address where service_uid = $1',
      [web.uid],
    );
    const { address, port } = row?.addresses.find(({ kind }) => kind === 'nodePort') ?? { address: '', port: 0 };
    const stop = new AbortController();
    const answers = { ok: 0, failed: [] as string[] };
    const calling = (async () => {
      while (!stop.signal.aborted) {
        const answer = await fetch(`http://${address}:${port}/`, { headers: { connection: 'close' } }).then(
          async (response) => (await response.text(), response.status),
          (error: unknown) => String(error),
        );
        if (answer === 200) answers.ok += 1;
        else answers.failed.push(String(answer));
      }
    })();
    await rig.addRelease(
      aRender({ uid: web.uid, key, release: 2, spec, image: await resolved('1.1'), installationId }),
    );
    await rig.setTarget(web, { generation: 2, release: 2 });
    await arrived({ ready: 2, release: 2 });
    await eventually(
      async () => expect((await containers.list(key, { past: 'false', limit: 10 })).items).toHaveLength(2),
      30_000,
    );
    stop.abort();
    await calling;
    expect(answers.failed).toEqual([]);
    expect(answers.ok).toBeGreaterThan(20);
  });

  test('a release whose probe never passes halts nothing that serves, and its cause is named', async () => {
    await rig.addRelease(
      aRender({ uid: web.uid, key, release: 3, spec, image: await resolved('1.2-bad-probe'), installationId }),
    );
    await rig.setTarget(web, { generation: 3, release: 3 });
    await eventually(async () => {
      const row = await rig.observed(web);
      expect(row).toMatchObject({ release: 3, rolledOut: false, causeCode: 'probe_failing', ready: 2 });
    }, 60_000);
    await rig.setTarget(web, { generation: 3, release: 3, halted: true });
    await eventually(async () => expect(await rig.observed(web)).toMatchObject({ halted: true, ready: 2 }));
    await rig.setTarget(web, { generation: 4, release: 2 });
    await arrived({ release: 2, ready: 2 });
  });

  test('a removal ends everything in the cluster and keeps the past containers', async () => {
    await rig.setTarget(web, { generation: 4, release: 2, phase: 'remove' });
    await eventually(async () => expect(await rig.targets.of(rig.database, web.uid)).toEqual([]), 60_000);
    for (const kind of ['Deployment', 'Service', 'Pod'] as const)
      expect((await admin.list(kind, { namespace })).items).toEqual([]);
    const past = await containers.list(key, { past: 'true', limit: 3 });
    expect(past.items).toHaveLength(3);
    expect(past.items.every(({ state }) => state === 'ended')).toBe(true);
    const next = await containers.list(key, { past: 'true', limit: 3, continue: past.continue ?? '' });
    expect(next.items[0]?.uid).not.toBe(past.items[0]?.uid);
  });

  test('of a container that is gone the last lines are still read, to its very end', async () => {
    const { items } = await containers.list(key, { past: 'true', limit: 1 });
    const { name: container = '', logKept } = items[0] ?? {};
    expect(logKept).toBe(true);
    const read = () => logs.read(key, { ...query, cluster: 'beijing', container });
    await eventually(async () => {
      const [notice, ...lines] = (await textOf(await read())).trim().split('\n');
      expect(JSON.parse(notice ?? '')).toMatchObject({ notice: 'kept', kept: { run: 1, toEnd: true } });
      expect(lines.length).toBeGreaterThan(1);
    });
  });
});
