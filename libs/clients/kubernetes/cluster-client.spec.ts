import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ClusterClient } from './client.js';
import { createClusterClient, type ClusterClientOptions } from './cluster-client.js';
import type { ClusterConnection } from './connection.js';
import { probeReadyz } from './probe.js';
import { namespaceProjection } from './project-others.js';
import { selfSignedCertificate } from './test-certificate.js';

const { certPem, keyPem } = selfSignedCertificate();

/** A server on loopback that behaves as badly as each test says. */
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let connection: ClusterConnection;
const clients: ClusterClient[] = [];

beforeEach(async () => {
  server = createServer({ cert: certPem, key: keyPem }, (request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  connection = {
    server: `https://127.0.0.1:${port}`,
    caPem: certPem,
    credential: { kind: 'token', token: 'secret-token' },
  };
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  server.closeAllConnections();
  server.close();
});

function open(options: ClusterClientOptions = {}): ClusterClient {
  const client = createClusterClient(connection, { firstBackoffMs: 1, ...options });
  clients.push(client);
  return client;
}

const version = JSON.stringify({ gitVersion: 'v1.34.4', platform: 'linux/amd64' });
const status = (code: number, extra: object = {}) =>
  JSON.stringify({ kind: 'Status', message: `said ${code}`, code, ...extra });

describe('an answer', () => {
  test.each([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [410, 'gone'],
    [422, 'invalid'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('of %i is %s, in the words of the cluster', async (code, kind) => {
    answer = (_request, response) => response.writeHead(code).end(status(code));
    await expect(open().version()).rejects.toMatchObject({ kind, message: `said ${code}`, details: { status: code } });
  });

  test('of 429 says to wait 7000 ms', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down');
    await expect(open().version()).rejects.toMatchObject({
      kind: 'too_many_requests',
      details: { retryAfterMs: 7000 },
    });
  });

  test('of 504 for a version from before a restore is gone, so that a watch lists again', async () => {
    const details = { causes: [{ reason: 'ResourceVersionTooLarge' }] };
    answer = (_request, response) => response.writeHead(504).end(status(504, { details }));
    await expect(open().version()).rejects.toMatchObject({ kind: 'gone' });
  });

  test('that is a web page, not Kubernetes, is unreachable', async () => {
    answer = (_request, response) => response.end('<html>portal</html>');
    await expect(open().version()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('that does not come within 50 ms is unreachable', async () => {
    answer = () => undefined;
    await expect(open({ timeoutMs: 50 }).version()).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'no answer within 50 ms',
    });
  });

  test('of 2000 bytes is refused where 1000 are allowed', async () => {
    answer = (_request, response) => response.end('x'.repeat(2000));
    await expect(open({ maxBytes: 1000 }).version()).rejects.toMatchObject({
      message: 'answer larger than 1000 bytes',
    });
  });
});

describe('a request', () => {
  test('carries the token, and a path in front of the server', async () => {
    const seen: (string | undefined)[] = [];
    answer = (request, response) => {
      seen.push(request.url, request.headers.authorization);
      response.end(version);
    };
    connection = { ...connection, server: `${connection.server}/k8s/clusters/c-1` };
    await open().version();
    expect(seen).toEqual(['/k8s/clusters/c-1/version', 'Bearer secret-token']);
  });

  test('to delete says how long its body is, so that the preconditions are read', async () => {
    let body = '';
    answer = (request, response) => {
      expect(request.headers['content-length']).toBeDefined();
      request.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => response.end('{}'));
    };
    await open().remove(
      { kind: 'Pod', namespace: 'n', name: 'p' },
      { uid: 'u-1', resourceVersion: '7', propagation: 'Background' },
    );
    expect(JSON.parse(body) as unknown).toMatchObject({
      preconditions: { uid: 'u-1', resourceVersion: '7' },
      propagationPolicy: 'Background',
    });
  });

  test('is repeated once when the cluster has closed the kept connection meanwhile', async () => {
    let calls = 0;
    answer = (request, response) => {
      calls += 1;
      if (calls === 2) request.socket.destroy();
      else response.end(version);
    };
    const client = open();
    await client.version();
    await expect(client.version()).resolves.toMatchObject({ gitVersion: 'v1.34.4' });
    expect(calls).toBe(3);
  });

  test('goes to nobody whose certificate is signed by another, and the token is not sent', async () => {
    let calls = 0;
    answer = (_request, response) => {
      calls += 1;
      response.end(version);
    };
    connection = { ...connection, caPem: selfSignedCertificate().certPem };
    await expect(open().version()).rejects.toMatchObject({ kind: 'unreachable' });
    expect(calls).toBe(0);
  });
});

describe('a watch', () => {
  const object = (name: string, resourceVersion: string) => ({
    metadata: {
      name,
      uid: name,
      resourceVersion,
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [{ manager: 'x' }],
    },
  });

  test('puts together lines and characters that were cut in the middle, and asks for bookmarks', async () => {
    const queries: URLSearchParams[] = [];
    answer = (request, response) => {
      const { searchParams } = new URL(request.url ?? '', connection.server);
      queries.push(searchParams);
      if (!searchParams.has('watch')) {
        response.end(JSON.stringify({ metadata: { resourceVersion: '5' }, items: [object('a', '4')] }));
        return;
      }
      const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: object('支付', '6') })}\n`);
      const middle = line.indexOf(Buffer.from('支')) + 1;
      response.write(line.subarray(0, middle), () => setImmediate(() => response.write(line.subarray(middle))));
    };
    const told = new EventEmitter();
    const names: string[] = [];
    const done = once(told, 'done');
    open().watch({
      projection: namespaceProjection,
      onSynced: (rows) => names.push(...rows.map(({ name }) => name)),
      onUpsert: ({ name }) => {
        names.push(name);
        told.emit('done');
      },
      onRemove: () => undefined,
    });
    await done;
    expect(names).toEqual(['a', '支付']);
    expect(Object.fromEntries(queries[0] ?? [])).toEqual({ limit: '250' });
    expect(Object.fromEntries(queries[1] ?? [])).toMatchObject({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '5',
    });
    expect(Number(queries[1]?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(240);
  });
});

describe('a log', () => {
  test('comes as it is written, and ends the request when it is destroyed', async () => {
    let closed: Promise<unknown> | undefined;
    let url = '';
    answer = (request, response) => {
      url = request.url ?? '';
      closed = once(response, 'close');
      response.write('line 1\n');
    };
    const log = await open().logs('shop-prod', 'cart-1', {
      follow: true,
      tailLines: 10,
      timestamps: true,
      container: 'app',
    });
    const [chunk] = (await once(log, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('line 1\n');
    expect(url).toBe(
      '/api/v1/namespaces/shop-prod/pods/cart-1/log?follow=true&tailLines=10&timestamps=true&container=app',
    );
    log.destroy();
    await closed;
  });
});

describe('an anonymous probe', () => {
  test.each([
    [200, { kind: 'ok' }],
    [401, { kind: 'unauthorized_but_reachable' }],
    [403, { kind: 'unauthorized_but_reachable' }],
    [500, { kind: 'unhealthy', detail: '[-]etcd failed: reason withheld' }],
  ])('that hears %i is %j', async (code, expected) => {
    answer = (request, response) => {
      expect(request.headers.authorization).toBeUndefined();
      response.writeHead(code).end('[+]ping ok\n[-]etcd failed: reason withheld\n');
    };
    expect(await probeReadyz({ ...connection, timeoutMs: 2000 })).toMatchObject(expected);
  });

  test('is unreachable after 50 ms of silence, and tls for another CA', async () => {
    answer = () => undefined;
    expect(await probeReadyz({ ...connection, timeoutMs: 50 })).toMatchObject({
      kind: 'unreachable',
      detail: 'no answer in time',
    });
    const { certPem: otherCa } = selfSignedCertificate();
    expect(await probeReadyz({ ...connection, caPem: otherCa, timeoutMs: 2000 })).toMatchObject({ kind: 'tls' });
  });
});
