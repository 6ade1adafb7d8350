import { Readable } from 'node:stream';
import { pathTo, routes, type Route } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { anIdentity, testIdentityKeys } from '@berth/testing';
import { SignJWT, importPKCS8 } from 'jose';
import { DatabaseUnavailable, refuse } from '../errors/index.js';
import { IdentitySigner, IdentityVerifier, type Identity } from '../identity/index.js';
import { currentContext, Logger, silentLogger } from '../log/index.js';
import { addProbes, Caller, createHttpApp, HttpDrain, Input, Serves, type ServedInput } from './index.js';

const { privateKey, publicKey } = testIdentityKeys();
const signer = new IdentitySigner(privateKey);
const path = '/api/v1/projects/shop/environments/prod';
const resolvePath = pathTo(routes.resolveImage, { project: 'shop', environment: 'prod' });
let thrown: unknown;

@Controller()
class Things {
  @Serves(routes.getService)
  getService(@Input() input: ServedInput<typeof routes.getService>, @Caller() caller: Identity): object {
    if (thrown) throw thrown;
    return { ...input.params, by: caller.userName, correlationId: currentContext()?.correlationId };
  }

  @Serves(routes.listServices)
  listServices(@Input() input: ServedInput<typeof routes.listServices>): object {
    return input.query;
  }

  @Serves(routes.resolveImage)
  resolveImage(@Input() input: ServedInput<typeof routes.resolveImage>): object {
    return { ...input.body, correlationId: currentContext()?.correlationId };
  }

  @Serves(routes.scaleService)
  scaleService(@Input() input: ServedInput<typeof routes.scaleService>): object {
    return input;
  }

  @Serves(routes.deleteService)
  deleteService(@Input() input: ServedInput<typeof routes.deleteService>): object {
    return input;
  }

  @Serves(routes.readLogs)
  readLogs(): Readable {
    return Readable.from(['{"line":1}\n', '{"line":2}\n']);
  }
}

@Module({
  controllers: [Things],
  providers: [
    { provide: IdentityVerifier, useValue: new IdentityVerifier(publicKey, 'ipaas') },
    { provide: Logger, useValue: silentLogger() },
  ],
})
class ThingsModule {}

let app: NestFastifyApplication;
let url: string;
let isReady = true;
const drain = new HttpDrain();

beforeAll(async () => {
  app = await createHttpApp(ThingsModule, { service: 'ipaas', log: silentLogger(), drain });
  addProbes(app.getHttpAdapter().getInstance() as never, {
    database: () => {
      if (!isReady) throw new Error('it is away');
    },
  });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

const tokenFor = (route: Route, given: Partial<Identity> = {}) =>
  signer.sign(anIdentity('ipaas', { permissions: [route.permission as never], ...given }));

async function call(method: string, address: string, token?: string, body?: unknown, headers: object = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url + address, {
    method,
    headers: {
      ...(token && { 'berth-identity': token }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: text }),
  });
  const type = answer.headers.get('content-type');
  return {
    status: answer.status,
    type,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

const problem = (status: number, code: string) => ({
  status,
  type: 'application/problem+json',
  body: expect.objectContaining({ status, code, title: expect.any(String), actor: expect.any(String) }),
});

describe('the guard of a route', () => {
  const route = routes.getService;
  const expired = async () =>
    new SignJWT({ ...anIdentity('ipaas', { permissions: ['service.read'] }) })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'berth-identity' })
      .setIssuer('gateway')
      .setSubject('u-1')
      .setAudience('ipaas')
      .setIssuedAt(Math.floor(Date.now() / 1000) - 120)
      .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
      .sign(await importPKCS8(privateKey, 'EdDSA'));
  const longLived = async () =>
    new SignJWT({ ...anIdentity('ipaas', { permissions: ['service.read'] }) })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'berth-identity' })
      .setIssuer('gateway')
      .setSubject('u-1')
      .setAudience('ipaas')
      .setIssuedAt(Math.floor(Date.now() / 1000) - 600)
      .setExpirationTime(Math.floor(Date.now() / 1000) + 600)
      .sign(await importPKCS8(privateKey, 'EdDSA'));
  const foreign = () =>
    new IdentitySigner(testIdentityKeys().privateKey).sign(anIdentity('ipaas', { permissions: ['service.read'] }));

  test.each<[string, () => Promise<string> | undefined, number, string]>([
    ['without a token', () => undefined, 401, 'not_logged_in'],
    ['with something that is no token', () => Promise.resolve('x.y.z'), 401, 'not_logged_in'],
    ['with a token for another service', () => tokenFor(route, { audience: 'cluster-mgr' }), 401, 'not_logged_in'],
    ['with a token of another signer', foreign, 401, 'not_logged_in'],
    ['with an expired token', expired, 401, 'not_logged_in'],
    ['with a token older than 60 s that claims to live longer', longLived, 401, 'not_logged_in'],
    ['with another permission', () => tokenFor(route, { permissions: ['service.deploy'] }), 403, 'forbidden'],
    ['with no permission', () => tokenFor(route, { permissions: [] }), 403, 'forbidden'],
    ['for another project', () => tokenFor(route, { scopes: ['mall/prod'] }), 403, 'forbidden'],
    ['for another environment of the project', () => tokenFor(route, { scopes: ['shop/dev'] }), 403, 'forbidden'],
    [
      'for a project whose name only begins the same',
      () => tokenFor(route, { scopes: ['sho/prod'] }),
      403,
      'forbidden',
    ],
  ])('refuses a request %s', async (_, token, status, code) => {
    expect(await call('GET', `${path}/services/cart`, await token())).toMatchObject(problem(status, code));
  });

  test.each<[string, Partial<Identity>]>([
    ['everywhere', { scopes: 'all' }],
    ['in this environment', { scopes: ['mall/dev', 'shop/prod'] }],
  ])('lets a caller in who has the permission %s', async (_, given) => {
    const answer = await call('GET', `${path}/services/cart`, await tokenFor(route, given));
    expect(answer).toMatchObject({
      status: 200,
      body: { project: 'shop', environment: 'prod', service: 'cart', by: 'lin' },
    });
  });
});

describe('a request', () => {
  test('is refused with one row per bad field and no value of it', async () => {
    const token = await tokenFor(routes.resolveImage);
    const answer = await call('POST', resolvePath, token, { imagee: 'hunter2' });
    expect(answer).toMatchObject(problem(400, 'bad_request'));
    const errors = answer.body.errors as { path: string; code: string }[];
    expect(errors.map(({ path: field }) => field)).toContain('imagee');
    expect(errors.find(({ path: field }) => field === 'imagee')?.code).toBe('unknown_field');
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });

  test('has its query parsed, with what is missing filled in, and unknown parameters refused', async () => {
    const token = await tokenFor(routes.listServices);
    expect((await call('GET', '/api/v1/services?limit=7', token)).body).toMatchObject({ limit: 7 });
    const answer = await call('GET', '/api/v1/services?limitt=7', token);
    expect(answer).toMatchObject(problem(400, 'bad_request'));
    expect(answer.body.errors).toMatchObject([{ path: 'query.limitt', code: 'unknown_field' }]);
  });

  test('keeps its correlation id in the answer and behind the reading of the body', async () => {
    const token = await tokenFor(routes.resolveImage);
    const answer = await call('POST', resolvePath, token, { image: 'r/web:1' }, { 'x-correlation-id': 'abc-1' });
    expect(answer.headers.get('x-correlation-id')).toBe('abc-1');
    expect(answer.body.correlationId).toBe('abc-1');
  });

  test('gets a correlation id of ours when its own is not fit for a log', async () => {
    const answer = await call('GET', '/nowhere', undefined, undefined, { 'x-correlation-id': 'a b"c' });
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('for the preflight of a command has the params, body and version that the gateway passes on', async () => {
    const token = await tokenFor(routes.scaleService);
    const params = { project: 'shop', environment: 'prod', service: 'cart' };
    const answer = await call('POST', '/internal/preflight/scaleService', token, {
      params,
      body: { replicas: 3 },
      ifVersion: 4,
    });
    expect(answer).toMatchObject({ status: 200, body: { params, body: { replicas: 3 }, ifVersion: 4 } });
    const elsewhere = await tokenFor(routes.scaleService, { scopes: ['shop/dev'] });
    expect(
      await call('POST', '/internal/preflight/scaleService', elsewhere, {
        params,
        body: { replicas: 3 },
        ifVersion: null,
      }),
    ).toMatchObject(problem(403, 'forbidden'));
  });

  test('for the preflight of a delete, which has no body, has the cause of the query', async () => {
    const params = { project: 'shop', environment: 'prod', service: 'cart' };
    const ask = async (query: object) =>
      call('POST', '/internal/preflight/deleteService', await tokenFor(routes.deleteService), {
        params,
        query,
        body: {},
        ifVersion: null,
      });
    expect(await ask({ cause: 'replaced by basket' })).toMatchObject({
      status: 200,
      body: { params, query: { cause: 'replaced by basket' } },
    });
    expect(await ask({ because: 'x' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'query.because', code: 'unknown_field' }] },
    });
  });
});

describe('what goes wrong is application/problem+json', () => {
  test.each<[string, () => Promise<unknown>, number, string]>([
    ['an unknown address', () => call('GET', '/nowhere'), 404, 'not_found'],
    ['another method', () => call('DELETE', '/api/v1/services'), 405, 'method_not_allowed'],
    ['a body that is not JSON', () => call('POST', resolvePath, 'x', '{bad'), 400, 'bad_request'],
    [
      'another media type',
      () => call('POST', resolvePath, 'x', '<a/>', { 'content-type': 'application/xml' }),
      415,
      'unsupported_media_type',
    ],
    ['2 MiB', () => call('POST', resolvePath, 'x', { image: 'x'.repeat(2 ** 21) }), 413, 'body_too_large'],
    ['an address that cannot be decoded', () => call('GET', '/api/v1/%ff'), 404, 'not_found'],
  ])('%s', async (_, send, status, code) => {
    expect(await send()).toMatchObject(problem(status, code));
  });

  test('and names the methods that an address takes', async () => {
    expect((await call('DELETE', '/api/v1/services')).headers.get('allow')).toContain('GET');
  });

  test.each<[string, unknown, number, string]>([
    ['a refusal', refuse('name_taken', { service: 'cart', scope: 'shop/prod' }), 409, 'name_taken'],
    ['an own database that is away', new DatabaseUnavailable('away'), 503, 'service_unavailable'],
    ['a fault, without a word of what it was', new Error('password=hunter2'), 500, 'internal'],
  ])('%s', async (_, error, status, code) => {
    thrown = error;
    const answer = await call('GET', `${path}/services/cart`, await tokenFor(routes.getService));
    thrown = undefined;
    expect(answer).toMatchObject(problem(status, code));
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });
});

describe('the probes', () => {
  test('say that it lives although it is not ready, and why it is not', async () => {
    isReady = false;
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await call('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, checks: { database: 'it is away' } },
    });
    isReady = true;
    expect(await call('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true } });
  });

  test('give metrics with requests by route', async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('berth_http_seconds_count{method="GET",route="/readyz",status="200"}');
  });
});

describe('a stream', () => {
  test('comes line by line with its content type', async () => {
    const answer = await fetch(`${url}${path}/services/cart/logs?cluster=beijing&container=c1`, {
      headers: { 'berth-identity': await tokenFor(routes.readLogs) },
    });
    const text = await answer.text();
    expect({ type: answer.headers.get('content-type'), text }).toEqual({
      type: 'application/x-ndjson',
      text: '{"line":1}\n{"line":2}\n',
    });
  });
});
