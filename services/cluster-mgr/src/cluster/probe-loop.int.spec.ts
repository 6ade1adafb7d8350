import { Leases } from '@berth/platform/lease';
import { silentLogger } from '@berth/platform/log';
import { eventually, testDatabase } from '@berth/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../migrations/index.js';
import { Harness, registration, SpecClock } from '../spec-harness.js';
import { ProbeLoop } from './probe-loop.js';

/** Runs 20 times as fast as the world, so that 10 s of silence are half a second. */
class FastClock extends SpecClock {
  private readonly startedAtMs = performance.now();
  override now(): Date {
    return new Date(super.now().getTime() + 20 * (performance.now() - this.startedAtMs));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'berth-probe-'));
let it: Harness;
let server: Server;
let apiServer: string;
let caPem: string;
let status = 200;

beforeAll(async () => {
  it = new Harness(await testDatabase('cluster-mgr', migrations), undefined, new FastClock());
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=spec', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  caPem = readFileSync(cert, 'utf8');
  server = createServer({ key: readFileSync(key), cert: caPem }, (_, answer) => answer.writeHead(status).end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiServer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  server.close();
  await it.close();
  rmSync(folder, { recursive: true });
});

function loopOf(instance: string): ProbeLoop {
  const log = silentLogger();
  const leases = new Leases({ database: it.database, instance, log, ttlMs: 3_000, renewMs: 200 });
  return new ProbeLoop(it.database, leases, it.clusters, it.clock, log, { everyMs: 50, timeoutMs: 1_000 });
}
async function cluster() {
  const [row] = await it.clusters.list();
  return row;
}
async function probes(): Promise<{ kind: string; at: string }[]> {
  const [row] = await it.database.query<{ probes: { kind: string; at: string }[] }>(
    'select probes from cluster_probes',
  );
  return row?.probes ?? [];
}
async function becomes(phase: string): Promise<void> {
  await eventually(async () => {
    await it.observe('beijing');
    expect((await cluster())?.phase).toBe(phase);
  });
}

test('two copies probe a cluster one at a time, by 401 too, see it go and never call it dead while its watch lives', async () => {
  await it.handle('registerCluster', { ...registration('beijing'), apiServer, caPem });
  const [first, second] = [loopOf('one'), loopOf('two')];
  first.onApplicationBootstrap();
  await becomes('ready');
  second.onApplicationBootstrap();

  status = 401;
  await eventually(async () => expect((await probes()).at(-1)?.kind).toBe('unauthorized_but_reachable'));
  expect((await cluster())?.phase).toBe('ready');

  await first.onModuleDestroy();
  const seen = (await probes()).at(-1)?.at ?? '';
  await eventually(async () => expect((await probes()).filter(({ at }) => at > seen).length).toBeGreaterThan(5));

  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await becomes('suspect');
  expect((await cluster())?.reason).toMatch(/^does not answer for \d+ looks in \d+ s \(.*ECONNREFUSED.*\); watch live/);
  // Nobody renews the watch from here on: now both witnesses are silent.
  await eventually(async () => expect((await cluster())?.phase).toBe('dead'));
  await second.onModuleDestroy();
}, 60_000);
