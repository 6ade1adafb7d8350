import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problemOf, routeTable } from '@berth/api';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { json } from '../rig/stub-owner.js';

let rig: GatewayRig;
let admin: Visitor;
const detail = '/api/v1/projects/shop/environments/prod/services/cart';
const mebibyte = 1_048_576;

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-spec-portal-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Berth</title>');
  writeFileSync(join(directory, 'assets', 'app-1a2b.js'), 'export const x = 1;\n'.repeat(200));
  rig = await GatewayRig.start({ BERTH_PORTAL_DIR: directory, BERTH_PUBLIC_URL: 'https://berth.example' });
  admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
}, 60_000);
afterAll(() => rig.close());

const get = (url: string, headers: Record<string, string> = {}) =>
  rig.app.inject({ url, headers: { ...admin.headers, ...headers } });

describe('a read', () => {
  test('passes status, ETag and body through, and the query and correlation id on', async () => {
    rig.owners.ipaas.answering = (_request, response) => json(response, 200, { code: 'cart' }, { etag: '"7"' });
    const answer = await get(`${detail}/containers?past=true&limit=5`, { 'x-correlation-id': 'abc-1' });
    expect([answer.statusCode, answer.headers.etag, answer.json()]).toEqual([200, '"7"', { code: 'cart' }]);
    const reached = rig.owners.ipaas.reached.at(-1);
    expect(reached?.url).toBe(`${detail}/containers?past=true&limit=5`);
    expect(reached?.headers).toMatchObject({ 'x-correlation-id': 'abc-1' });
    expect(reached?.headers.cookie).toBeUndefined();
    expect(answer.headers['x-correlation-id']).toBe('abc-1');
  });

  test('passes a problem of the owner through', async () => {
    rig.owners.ipaas.answering = (_request, response) =>
      json(response, 404, problemOf('not_found', { what: 'service' }));
    const answer = await get(detail);
    expect([answer.statusCode, answer.headers['content-type'], answer.json()]).toEqual([
      404,
      'application/problem+json',
      problemOf('not_found', { what: 'service' }),
    ]);
  });

  test('of a list carries all scopes of the caller, or those the list’s own filter leaves', async () => {
    const visitor = await rig.visitor([{ role: 'developer', scope: 'project:shop' }]);
    const scopesOf = async (query: string) => {
      await rig.app.inject({ url: `/api/v1/services${query}`, headers: visitor.headers });
      return rig.owners.ipaas.reached.at(-1)?.identity.scopes;
    };
    expect(await scopesOf('')).toEqual(['shop/dev', 'shop/prod', 'shop/staging', 'shop/test']);
    expect(await scopesOf('?environment=prod')).toEqual(['shop/prod']);
    expect(await scopesOf('?project=pay')).toEqual([]);
  });

  test('asks the next copy when one is away, and an owner that refuses our signature is not a login that ended', async () => {
    const gone = createServer();
    await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
    const { port } = gone.address() as AddressInfo;
    await new Promise<void>((done) => gone.close(() => done()));
    const two = await GatewayRig.start({
      BERTH_DOLPHINSYNC_URLS: `http://127.0.0.1:${port},${rig.owners.dolphinsync.url}`,
    });
    const visitor = await two.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    // The other rig's owner does not know this one's key: 401 of an owner must not look like a login that ended.
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => two.app.inject({ url: '/api/v1/projects', headers: visitor.headers })),
    );
    await two.close();
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
    expect(rig.owners.dolphinsync.refused).toBe(20);
  });
});

describe('a stream', () => {
  test('comes as it is written, is held back by a slow reader, and ends at the owner when the reader leaves', async () => {
    let owner: ServerResponse | undefined;
    rig.owners.ipaas.answering = (_request, response) => {
      owner = response;
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"at":null,"text":"one"}\n');
    };
    const reading = new AbortController();
    const response = await fetch(`${rig.url}${detail}/logs?cluster=a&container=b&follow=true`, {
      headers: admin.headers,
      signal: reading.signal,
    });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe('{"at":null,"text":"one"}\n');
    // 64 MiB that nobody reads must not end up in our memory: the owner sees that its writes wait.
    const chunk = `${'x'.repeat(65_535)}\n`;
    let written = 0;
    while (written < 64 * mebibyte && owner && owner.writableLength < mebibyte) {
      owner.write(chunk);
      written += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(48 * mebibyte);
    const closed = new Promise<void>((resolve) => owner?.once('close', resolve));
    reading.abort();
    await closed;
  }, 20_000);
});

describe('a body', () => {
  const push = (size: number) =>
    fetch(`${rig.url}/api/v1/cmdb/pushes`, {
      method: 'POST',
      body: new ReadableStream({
        start(controller) {
          for (let sent = 0; sent < size; sent += mebibyte) controller.enqueue(Buffer.alloc(mebibyte, 'x'));
          controller.close();
        },
      }),
      duplex: 'half',
      headers: { 'content-type': 'application/json', ...pusher },
    } as RequestInit);
  let pusher: Record<string, string>;
  beforeAll(async () => {
    const made = await rig.app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      payload: { name: 'cmdb', permission: 'cmdb.push', expiresInDays: 1 },
      headers: admin.headers,
    });
    pusher = { authorization: `Bearer ${made.json().token as string}` };
  });

  test('of 20 MiB goes through to the push, of 65 MiB is refused', async () => {
    expect((await push(20 * mebibyte)).status).toBe(200);
    expect(rig.owners.dolphinsync.reached.at(-1)?.body).toHaveLength(20 * mebibyte);
    const answer = await push(65 * mebibyte);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'body_too_large']);
  }, 30_000);

  test('of more than 1 MiB is refused everywhere else', async () => {
    const payload = { value: 'x'.repeat(mebibyte) };
    for (const [method, url] of [
      ['PUT', `${detail}/secrets/KEY`],
      ['POST', `${detail}/restart`],
    ] as const) {
      const answer = await rig.app.inject({ method, url, payload, headers: admin.headers });
      expect([answer.statusCode, answer.json().code]).toEqual([413, 'body_too_large']);
    }
  });

  test('of a secret leaves audit rows and no value in them', async () => {
    rig.owners.ipaas.answering = (_request, response) => json(response, 200, { name: 'KEY', version: 1 });
    const payload = { value: 'do-not-log-me' };
    await rig.app.inject({ method: 'PUT', url: `${detail}/secrets/KEY`, payload, headers: admin.headers });
    const rows = await rig.database.query<{ target: string; result: string }>(
      `select * from audit where action = 'putSecret' order by position desc limit 2`,
    );
    expect(rows.map(({ target, result }) => [target, result])).toEqual([
      ['shop/prod/cart/KEY', 'done'],
      ['shop/prod/cart/KEY', 'accepted'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('do-not-log-me');
  });
});

describe('the rest', () => {
  test('every route of the table is in the OpenAPI document, with its schemas', async () => {
    const document = (await rig.app.inject({ url: '/api/v1/openapi.json' })).json() as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids.sort()).toEqual(routeTable.map(({ id }) => id).sort());
  });

  test('pages, assets and unknown addresses have their own answers, and none may be framed', async () => {
    const page = await get('/p/shop/prod/services/cart');
    expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(page.headers['content-security-policy']).toContain(`frame-ancestors 'none'`);
    expect(page.headers['strict-transport-security']).toBeDefined();
    const asset = await get('/assets/app-1a2b.js', { 'accept-encoding': 'br' });
    expect([asset.statusCode, asset.headers['cache-control'], asset.headers['content-encoding']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
      'br',
    ]);
    expect((await get('/assets/gone.js')).statusCode).toBe(404);
    expect((await get('/api/v1/nothing')).json().code).toBe('not_found');
    expect((await get('/%2e%2e/%2e%2e/etc/passwd')).body).not.toContain('root:');
    const method = await rig.app.inject({ method: 'DELETE', url: '/api/v1/services', headers: admin.headers });
    expect([method.statusCode, method.json().code, method.headers.allow]).toEqual([405, 'method_not_allowed', 'GET']);
    const broken = await rig.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.statusCode, broken.json().code]).toEqual([400, 'bad_request']);
  });
});
