import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { createClusterClient } from './cluster-client.js';
import type { ClusterConnection } from './connection.js';
import { parseKubeconfig } from './kubeconfig.js';
import { clusterContract } from './kubernetes.contract.js';
import { probeReadyz } from './probe.js';
import { nodeProjection } from './project-others.js';

/** The first cluster of the running local platform, or the one given. Without any this fails: it must not be skipped. */
function testCluster(): ClusterConnection {
  const root = new URL('../../../', import.meta.url);
  const given = process.env['BERTH_TEST_KUBECONFIG'] ?? process.env['BERTH_TEST_KUBECONFIGS'] ?? fromEnvFile(root);
  const [path] = given.split(',');
  if (!path)
    throw new Error('no cluster to test on: set BERTH_TEST_KUBECONFIG, or start the local platform (npm run up)');
  const parsed = parseKubeconfig(readFileSync(path, 'utf8'));
  if (parsed.kind !== 'ok') throw new Error(`${path}: ${parsed.detail}`);
  return parsed.connection;
}

function fromEnvFile(root: URL): string {
  const lines = readFileSync(new URL('.berth/env.sh', root), 'utf8').split('\n');
  const line = lines.find((text) => text.startsWith('export BERTH_TEST_KUBECONFIGS='));
  return /='(.*)'$/.exec(line ?? '')?.[1] ?? '';
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
});
