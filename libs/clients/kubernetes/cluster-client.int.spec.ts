import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { createClusterClient } from './cluster-client.js';
import type { ClusterConnection } from './connection.js';
import { parseKubeconfig } from './kubeconfig.js';
import { clusterContract } from './kubernetes.contract.js';
import { probeReadyz } from './probe.js';
import type { SlimPod } from './slim.js';
import { podProjection } from './project-pod.js';
import { nodeProjection } from './project-others.js';

/** The first cluster of the running local platform, or the one given. Without any this fails: it must not be skipped. */
function testCluster(): ClusterConnection {
  const given = process.env['BERTH_TEST_KUBECONFIG'] ?? setting('BERTH_TEST_KUBECONFIGS');
  const [path] = given.split(',');
  if (!path)
    throw new Error('no cluster to test on: set BERTH_TEST_KUBECONFIG, or start the local platform (npm run up)');
  const parsed = parseKubeconfig(readFileSync(path, 'utf8'));
  if (parsed.kind !== 'ok') throw new Error(`${path}: ${parsed.detail}`);
  return parsed.connection;
}

/** From the environment, or from the file that the running local platform writes. */
function setting(name: string): string {
  const file = resolve(import.meta.dirname, '../../..', process.env['BERTH_STATE_DIR'] ?? '.berth', 'env.sh');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const line = lines.find((text) => text.startsWith(`export ${name}=`));
  return process.env[name] ?? /='(.*)'$/.exec(line ?? '')?.[1] ?? '';
}

/** A wire to the cluster that can be cut. The certificate is still verified, by the cluster's own name. */
async function cuttableWire(connection: ClusterConnection) {
  const { hostname, port } = new URL(connection.server);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from) && to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => sockets.forEach((socket) => socket.destroy());
  const close = async () => {
    cut();
    server.close();
    await once(server, 'close');
  };
  const wired = {
    ...connection,
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tlsServerName: 'kubernetes.default.svc',
  };
  return { connection: wired, cut, close };
}

clusterContract('a real cluster', async () => {
  const wire = await cuttableWire(testCluster());
  const client = createClusterClient(wire.connection, { firstBackoffMs: 50 });
  const close = async () => {
    await client.close();
    await wire.close();
  };
  return { client, advance: () => undefined, dropWatches: wire.cut, close };
});

describe('a real cluster', () => {
  test('shows at least 1 ready node with CPU, memory and pods', async () => {
    const client = createClusterClient(testCluster());
    const { items } = await client.list('Node');
    const nodes = items.map((node) => nodeProjection.project(node));
    await client.close();
    expect(nodes.some(({ ready }) => ready)).toBe(true);
    for (const { allocatable } of nodes) {
      expect(allocatable.cpuMillis).toBeGreaterThan(0);
      expect(allocatable.memoryMiB).toBeGreaterThan(0);
      expect(allocatable.pods).toBeGreaterThan(0);
    }
  });

  test('answers an anonymous probe over its own CA, and is refused over another', async () => {
    const { server, caPem } = testCluster();
    const probe = await probeReadyz({ server, caPem, timeoutMs: 5_000 });
    expect(['ok', 'unauthorized_but_reachable']).toContain(probe.kind);
    const { rootCertificates } = await import('node:tls');
    const other = await probeReadyz({ server, caPem: rootCertificates[0] ?? '', timeoutMs: 5_000 });
    expect(other.kind).toBe('tls');
  });

  test('refuses a token that it does not know as unauthorized, and an unknown field as invalid', async () => {
    const connection = testCluster();
    const stranger = createClusterClient({ ...connection, credential: { kind: 'token', token: 'not-a-token' } });
    await expect(stranger.list('Pod', { namespace: 'default' })).rejects.toMatchObject({ kind: 'unauthorized' });
    await stranger.close();
    const client = createClusterClient(connection);
    const misspelt = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'berth-misspelt', namespace: 'default' },
      dataa: {},
    } as const;
    await expect(client.apply(misspelt, { dryRun: true })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('dataa'),
    });
    await client.close();
  });

  test('gives 2 lines of a running container, follows it until the reader leaves, and says invalid before it starts', async () => {
    const registry = setting('BERTH_TEST_REGISTRY_NAME');
    if (!registry) throw new Error('no registry to run an image from: set BERTH_TEST_REGISTRY_NAME');
    const client = createClusterClient(testCluster());
    const name = `berth-log-${randomBytes(4).toString('hex')}`;
    const labels = { 'berth.dev/service-uid': name };
    const containers = [{ name: 'app', image: `${registry}/berth/sample-worker:1.0` }];
    const spec = { containers, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false };
    const ref = { kind: 'Pod', namespace: 'default', name } as const;
    const running = new EventEmitter();
    const started = once(running, 'running', { signal: AbortSignal.timeout(45_000) });
    // Awaited below; when the test fails before that, nobody is left to hear of it.
    started.catch(() => undefined);
    const see = (pod: SlimPod) => pod.state.running && running.emit('running', pod);
    client.watch({
      projection: podProjection,
      namespace: 'default',
      labelSelector: `berth.dev/service-uid=${name}`,
      onSynced: (pods) => pods.forEach(see),
      onUpsert: see,
      onRemove: () => undefined,
    });
    let uid: string | undefined;
    try {
      uid = (
        await client.apply({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'default', labels },
          spec,
        })
      ).metadata.uid;
      await expect(client.logs('default', name, { previous: true })).rejects.toMatchObject({ kind: 'invalid' });
      const [pod] = (await started) as [SlimPod];
      expect(pod).toMatchObject({
        name,
        serviceUid: name,
        phase: 'Running',
        container: 'app',
        imageId: expect.stringContaining('sha256:'),
      });

      const followed = await client.logs('default', name, { follow: true, timestamps: true });
      let text = '';
      for await (const chunk of followed as AsyncIterable<Buffer>) {
        text += chunk.toString();
        if (text.split('\n').length > 2) break;
      }
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\S+Z /);
      if (!followed.closed) await new Promise((resolve) => followed.once('close', resolve));
      const tail = Buffer.concat(await (await client.logs('default', name, { tailLines: 2 })).toArray()).toString();
      expect(tail.trimEnd().split('\n')).toHaveLength(2);
      const events = await client.events('default', { fieldSelector: `involvedObject.name=${name}` });
      expect(events.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['Scheduled', 'Started']));
    } finally {
      if (uid) await client.remove(ref, { uid, propagation: 'Background' });
      await client.close();
    }
  }, 60_000);
});
