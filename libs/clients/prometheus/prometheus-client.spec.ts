import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metric } from './expression.js';
import { createPrometheusClient, type PrometheusClientOptions } from './prometheus-client.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function clientOf(answer: RequestListener, options: Partial<PrometheusClientOptions> = {}) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return createPrometheusClient({ url: `http://127.0.0.1:${port}/behind/`, ...options });
}

const says = (status: number, body: unknown): RequestListener => {
  return (_, response) => response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const vector = (value: string) => ({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { pod: 'a' }, value: [1, value] }] },
});

describe('the client of Prometheus', () => {
  test('asks below the path of its address, with its token', async () => {
    const asked: string[] = [];
    const client = await clientOf(
      (request, response) => {
        asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        says(200, vector('0.5'))(request, response);
      },
      { token: 'hunter2' },
    );
    expect(await client.instant(metric('up'), 1)).toEqual({
      kind: 'instant',
      samples: [{ labels: { pod: 'a' }, value: 0.5 }],
    });
    expect(asked).toEqual(['POST /behind/api/v1/query Bearer hunter2']);
  });

  test.each(['NaN', '+Inf', '-Inf', ''])('%j is no measurement', async (text) => {
    const client = await clientOf(says(200, vector(text)));
    expect(await client.instant(metric('up'), 1)).toEqual({ kind: 'instant', samples: [] });
  });

  test.each([
    ['a query that it does not take', 400, { status: 'error', errorType: 'bad_data', error: 'parse error' }, 'refused'],
    [
      'a query that is too heavy',
      422,
      { status: 'error', errorType: 'execution', error: 'too many samples' },
      'refused',
    ],
    ['a query that took too long', 503, { status: 'error', errorType: 'timeout', error: 'timed out' }, 'unreachable'],
    ['a proxy that answers instead', 502, '<html>bad gateway</html>', 'unreachable'],
    ['something else that speaks JSON', 200, { hello: 'world' }, 'unreachable'],
  ])('%s is a failure that says so', async (_, status, body, kind) => {
    const client = await clientOf(says(status, body));
    expect(await client.instant(metric('up'), 1)).toMatchObject({ kind, detail: expect.any(String) });
  });

  test('one that never answers is given up after its time', async () => {
    const client = await clientOf(() => undefined, { timeoutMs: 50 });
    expect(await client.instant(metric('up'), 1)).toEqual({ kind: 'unreachable', detail: 'no answer within 50 ms' });
  });

  test('an answer without end is cut off', async () => {
    const client = await clientOf(says(200, 'x'.repeat(2_000)), { maxBytes: 1_000 });
    expect(await client.instant(metric('up'), 1)).toMatchObject({ detail: 'answer larger than 1000 bytes' });
  });
});
