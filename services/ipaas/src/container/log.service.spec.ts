import { FakeCluster, ClusterError, type ClusterClient } from '@berth/clients/kubernetes';
import { silentLogger } from '@berth/platform/log';
import { describe, expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { ClusterClients } from '../cluster/cluster-clients.js';
import { ago } from './container.builders.js';
import type { ContainerService } from './container.service.js';
import type { ListedContainer } from './container.store.pg.js';
import type { KeptLogService } from './kept-log.service.js';
import { LogService } from './log.service.js';

const listed: ListedContainer = {
  uid: 'pod-1',
  name: 'cart-1',
  namespace: 'shop-prod',
  cluster: 'beijing',
  state: 'running',
  detail: null,
  detailEnd: null,
  ready: true,
  restarts: 0,
  release: 1,
  image: null,
  node: null,
  ip: null,
  createdAt: new Date(ago(0)),
  startedAt: null,
  endedAt: null,
  exitCode: null,
  lastEnd: null,
  fresh: true,
  logKept: false,
};
const query = { cluster: 'beijing', container: 'cart-1', follow: 'false', previous: 'false', tailLines: 100 } as const;

/** A reader before a cluster that answers a request for output with `logs`. */
function reader(
  logs: ClusterClient['logs'],
  containers: () => ListedContainer = () => listed,
  kept: KeptLogService['read'] = async () => null,
) {
  const client: ClusterClient = { ...new FakeCluster().client(), logs };
  const clients: Pick<ClusterClients, 'forReading'> = { forReading: async () => client };
  const service: Pick<ContainerService, 'find'> = { find: async () => containers() };
  return new LogService(
    clients as ClusterClients,
    service as ContainerService,
    { read: kept } as KeptLogService,
    silentLogger(),
  );
}

async function linesOf(stream: Readable): Promise<unknown[]> {
  const text = (await stream.toArray()).map(String).join('');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

const failing =
  (kind: ClusterError['kind'], message = kind) =>
  async () => {
    throw new ClusterError(kind, message);
  };

describe('terminal output', () => {
  test('lines with their times, as NDJSON', async () => {
    const logs = reader(async () =>
      Readable.from([Buffer.from('2026-01-01T12:00:00Z one\n2026-01-01T12:00:01Z tw'), Buffer.from('o\n')]),
    );
    expect(await linesOf(await logs.read('shop/prod/cart', query))).toEqual([
      { at: '2026-01-01T12:00:00Z', text: 'one' },
      { at: '2026-01-01T12:00:01Z', text: 'two' },
    ]);
  });

  test.each([
    ['not_found', {}, 'gone'],
    ['unreachable', {}, 'cluster_silent'],
    ['forbidden', {}, 'cluster_silent'],
    ['invalid', {}, 'not_started'],
    ['invalid', { previous: 'true' }, 'gone'],
  ] as const)('a cluster that says %s to %j gives the notice %s and ends', async (kind, change, notice) => {
    const logs = reader(failing(kind));
    expect(await linesOf(await logs.read('shop/prod/cart', { ...query, ...change }))).toEqual([
      { notice, detail: expect.any(String) },
    ]);
  });

  test('a container that has not started says so with its state, and its first line follows when it starts', async () => {
    let asked = 0;
    const pulling = { ...listed, state: 'pulling' as const, createdAt: new Date(Date.now() - 40_000) };
    const logs = reader(
      async () => {
        asked += 1;
        if (asked < 3) throw new ClusterError('invalid', 'waiting to start');
        return Readable.from([Buffer.from('2026-01-01T12:00:00Z up\n')]);
      },
      () => (asked < 3 ? pulling : { ...pulling, endedAt: new Date() }),
    );
    expect(await linesOf(await logs.read('shop/prod/cart', { ...query, follow: 'true' }))).toEqual([
      { notice: 'not_started', detail: 'pulling 40 s' },
      { at: '2026-01-01T12:00:00Z', text: 'up' },
      { notice: 'ended', detail: expect.any(String) },
    ]);
  });

  test('a container that is started again goes on with its next run; what the cluster tells twice is given once', async () => {
    const runs = [
      '2026-01-01T12:00:00.100Z one\n2026-01-01T12:00:00.200Z FATAL\n',
      // Not started again yet: the cluster gives the run before once more.
      '2026-01-01T12:00:00.100Z one\n2026-01-01T12:00:00.200Z FATAL\n',
      '2026-01-01T12:00:00.200Z FATAL\n2026-01-01T12:00:00.900Z two\n',
    ];
    const asked: (string | undefined)[] = [];
    const logs = reader(
      async (_, __, options) => {
        asked.push(options?.sinceTime);
        return Readable.from([Buffer.from(runs[asked.length - 1] ?? '')]);
      },
      () => ({ ...listed, restarts: 3, endedAt: asked.length < 3 ? null : new Date() }),
    );
    expect(await linesOf(await logs.read('shop/prod/cart', { ...query, follow: 'true' }))).toEqual([
      { at: '2026-01-01T12:00:00.100Z', text: 'one' },
      { at: '2026-01-01T12:00:00.200Z', text: 'FATAL' },
      { notice: 'restarted', detail: '5' },
      { at: '2026-01-01T12:00:00.900Z', text: 'two' },
      { notice: 'ended', detail: expect.any(String) },
    ]);
    expect(asked).toEqual([undefined, '2026-01-01T12:00:00.200Z', '2026-01-01T12:00:00.200Z']);
  }, 15_000);

  test.each([
    ['does not know it any more', 'not_found', {}],
    ['has no run before', 'invalid', { previous: 'true' }],
    ['is silent', 'unreachable', {}],
  ] as const)('of a container that ended the kept end is given when its cluster %s', async (_, kind, change) => {
    const notice = {
      notice: 'kept' as const,
      detail: 'up to 200 last lines',
      kept: { run: 1, mostLines: 200, toEnd: true, readAt: ago(0), until: ago(0) },
    };
    const asked: unknown[] = [];
    const logs = reader(
      failing(kind),
      () => ({ ...listed, endedAt: new Date() }),
      async (_container, ask) => {
        asked.push(ask);
        return [notice, { at: null, text: 'bye' }];
      },
    );
    expect(await linesOf(await logs.read('shop/prod/cart', { ...query, ...change }))).toEqual([
      notice,
      { at: null, text: 'bye' },
    ]);
    expect(asked).toEqual([{ previous: 'previous' in change, tailLines: 100, sinceTime: undefined }]);
  });

  test('who follows a container that is gone reads its kept end, and that it has ended', async () => {
    const logs = reader(failing('not_found'), undefined, async () => [{ at: null, text: 'bye' }]);
    expect(await linesOf(await logs.read('shop/prod/cart', { ...query, follow: 'true' }))).toEqual([
      { at: null, text: 'bye' },
      { notice: 'ended', detail: expect.any(String) },
    ]);
  });

  test('a reader who takes nothing stops the cluster from sending: under 1 MB of 100 MB is read', async () => {
    let read = 0;
    const chunk = Buffer.from(`2026-01-01T12:00:00Z ${'x'.repeat(16_000)}\n`);
    const source = new Readable({
      highWaterMark: chunk.length,
      read() {
        read += chunk.length;
        this.push(read < 100_000_000 ? chunk : null);
      },
    });
    const stream = await reader(async () => source).read('shop/prod/cart', query);
    await once(stream, 'readable');
    for (let turn = 0; turn < 200; turn += 1) await nextTurn();
    expect(read).toBeLessThan(1_000_000);
    stream.destroy();
  });

  test('when the reader goes, the request to the cluster ends', async () => {
    let signal: AbortSignal | undefined;
    const logs = reader(async (_, __, options) => {
      signal = options?.signal;
      return new Readable({ read: () => undefined });
    });
    const stream = await logs.read('shop/prod/cart', { ...query, follow: 'true' });
    for (let turn = 0; !signal && turn < 100; turn += 1) await nextTurn();
    expect(signal?.aborted).toBe(false);
    stream.destroy();
    await once(stream, 'close');
    expect(signal?.aborted).toBe(true);
  });
});
