import { preflightPath, routes, type Route } from '@berth/api';
import { HttpDrain, createHttpApp } from '@berth/platform/http';
import { IdentitySigner, IdentityVerifier, identityHeader, type Identity } from '@berth/platform/identity';
import { Logger, silentLogger } from '@berth/platform/log';
import { anIdentity, testIdentityKeys } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Module, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ImageHttp } from '../image/image.http.controller.js';
import { ImageService } from '../image/image.service.js';
import { KnownImagesService } from '../image/known-images.service.js';
import { KnownImagesStore } from '../image/known-images.store.pg.js';
import { SecretHttp } from '../secret/secret.http.controller.js';
import { SecretService } from '../secret/secret.service.js';
import { PreflightService } from './preflight.service.js';
import { ServiceReadService } from './service-read.service.js';
import { aSpec, policy } from './service.harness.js';
import { ServiceHttp } from './service.http.controller.js';
import { Scenes } from './service.scenes.js';

const { privateKey, publicKey } = testIdentityKeys();
const signer = new IdentitySigner(privateKey);
const prod = '/api/v1/projects/shop/environments/prod';
let scenes: Scenes;
let app: NestFastifyApplication;

beforeAll(async () => {
  scenes = await Scenes.start();
  const { it } = scenes;
  const offered = { BERTH_OFFERED_IMAGES: [] };
  const known = new KnownImagesService(it.database, new KnownImagesStore(), it.images, offered, it.clock);
  const providers: Provider[] = [
    { provide: IdentityVerifier, useValue: new IdentityVerifier(publicKey, 'ipaas') },
    { provide: Logger, useValue: silentLogger() },
    { provide: ServiceReadService, useValue: it.reads },
    { provide: PreflightService, useValue: it.preflights },
    { provide: SecretService, useValue: it.secrets },
    { provide: ImageService, useValue: it.images },
    { provide: KnownImagesService, useValue: known },
  ];
  @Module({ controllers: [ServiceHttp, SecretHttp, ImageHttp], providers })
  class SpecModule {}
  app = await createHttpApp(SpecModule, { service: 'ipaas', log: silentLogger(), drain: new HttpDrain() });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  it.registry.push({ image: 'hub.example/shop/cart:1.0' });
  await scenes.running('cart');
});
afterAll(async () => {
  await app.close();
  await scenes.it.close();
});

async function call(route: Route, url: string, body?: unknown, given: Partial<Identity> = {}) {
  const token = await signer.sign(anIdentity('ipaas', { permissions: [route.permission as never], ...given }));
  const method = route.kind === 'command' ? 'POST' : route.method;
  const payload = body === undefined ? {} : { payload: body as object };
  const answer = await app.inject({ method, url, headers: { [identityHeader]: token }, ...payload });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}

describe('over HTTP', () => {
  test('a service has its spec version as ETag', async () => {
    const answer = await call(routes.getService as never, `${prod}/services/cart`);
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { code: 'cart', specVersion: 1 } });
    routes.getService.response.parse(answer.body);
  });

  test('lists and releases are what the route table promises', async () => {
    const list = await call(routes.listServices as never, '/api/v1/services?limit=10');
    expect(routes.listServices.response.parse(list.body)).toMatchObject({
      items: [{ code: 'cart' }],
      counts: { running: 1 },
    });
    const releases = await call(routes.listReleases as never, `${prod}/services/cart/releases`);
    expect(routes.listReleases.response.parse(releases.body).items).toHaveLength(1);
  });

  test('another scope, another right and an unknown service are refused', async () => {
    const get = (given: Partial<Identity>, code = 'cart') =>
      call(routes.getService as never, `${prod}/services/${code}`, undefined, given);
    expect(await get({ scopes: ['shop/test'] })).toMatchObject({ status: 403 });
    expect(await get({ permissions: ['service.logs'] })).toMatchObject({ status: 403 });
    expect(await get({}, 'nobody')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('a deploy preflight answers the data of the command, checked by its schema', async () => {
    const request = (body: object) => ({ params: { project: 'shop', environment: 'prod' }, body, ifVersion: null });
    const body = { code: 'new', name: '新', spec: aSpec(), replicas: 2, policy };
    const url = preflightPath(routes.deployService);
    expect(await call(routes.deployService as never, url, request(body))).toMatchObject({
      status: 200,
      body: { data: { key: 'shop/prod/new', replicas: 2 } },
    });
    const taken = await call(routes.deployService as never, url, request({ ...body, code: 'cart' }));
    expect(taken).toMatchObject({ status: 409, body: { code: 'name_taken', actor: 'you' } });
    const unknown = await call(routes.deployService as never, url, request({ ...body, colour: 'red' }));
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: 'colour', code: 'unknown_field' }] } });
  });

  test('a secret goes in and only its name and version come out', async () => {
    const url = `${prod}/services/cart/secrets`;
    const put = await call(routes.putSecret as never, `${url}/TOKEN`, { value: 'hunter2' });
    expect(put).toMatchObject({ status: 200, body: { name: 'TOKEN', version: 1 } });
    const list = await call(routes.listSecrets as never, url);
    expect(list.body).toEqual({ items: [put.body], continue: null });
    expect(JSON.stringify(list)).not.toContain('hunter2');
  });

  test('an image is resolved, or refused with its own problem', async () => {
    const resolve = (image: string) => call(routes.resolveImage as never, `${prod}/image-resolutions`, { image });
    expect(await resolve('hub.example/shop/cart:1.0')).toMatchObject({ status: 200, body: { tags: ['1.0'] } });
    expect(await resolve('hub.example/shop/cart:9')).toMatchObject({ status: 422, body: { code: 'image_not_found' } });
  });
});
