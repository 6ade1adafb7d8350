import { describe, expect, test } from '@jest/globals';
import { routes, routeTable, type RouteName } from '@berth/api';
import { headFields, subjectOf } from './subject.js';

const id = '00000000-0000-4000-8000-000000000001';
const place = { project: 'shop', environment: 'prod', service: 'cart' };
const secret = 'never-in-the-log';

const of = (name: RouteName, request: { params?: object; query?: object; body?: unknown }) =>
  subjectOf(routes[name], { params: {}, query: {}, body: undefined, ...request });

describe('the subject of a change', () => {
  test.each<[RouteName, object, unknown, string, string | null]>([
    ['restartService', place, { cause: '内存泄漏' }, 'shop/prod/cart', '内存泄漏'],
    ['deployService', { project: 'shop', environment: 'prod' }, { code: 'cart' }, 'shop/prod/cart', null],
    ['putSecret', { ...place, name: 'KEY' }, { value: secret }, 'shop/prod/cart/KEY', null],
    ['tryService', place, { port: 8080, path: '/health?token=1' }, 'shop/prod/cart', null],
    [
      'putRegistryCredential',
      { project: 'shop', environment: 'dev', name: 'hub' },
      { password: secret },
      'shop/dev/hub',
      null,
    ],
    ['sealClusterCredential', {}, { name: 'third', kubeconfig: secret }, 'third', null],
    ['registerCluster', {}, { name: 'third', cause: 'more room' }, 'third', 'more room'],
    ['removeCluster', { cluster: 'third' }, undefined, 'third', null],
    ['pushCmdb', {}, { source: 'cmdb', version: 42 }, 'cmdb/cmdb/42', null],
    ['pushCmdbDelta', {}, undefined, 'cmdb/pushes', null],
    ['decideCmdbApproval', { push: id }, { decision: 'reject', cause: '误删' }, `cmdb/pushes/${id}/reject`, '误删'],
    [
      'decideCmdbVanished',
      {},
      { decision: 'keep', ids: [id, 'b'], cause: '在用' },
      `cmdb/vanished/keep/${id},b`,
      '在用',
    ],
    ['setCmdbPayer', {}, { source: 'cmdb', cmdbId: 'L1', costCentre: 'CC-7' }, 'cmdb/cmdb/L1/payer=CC-7', null],
    ['setCmdbPayer', {}, { source: 'cmdb', cmdbId: 'L1', costCentre: null }, 'cmdb/cmdb/L1/payer=', null],
    [
      'setCmdbLink',
      {},
      { project: 'shop', code: 'cart', to: { source: 'cmdb', cmdbId: 'S9' } },
      'cmdb/mappings/shop/cart/to=cmdb/S9',
      null,
    ],
    ['setCmdbLink', {}, { project: 'shop', code: 'cart', to: null }, 'cmdb/mappings/shop/cart/to=', null],
    ['removeCmdbSource', { source: 'sample' }, {}, 'sample', null],
    ['replayDeadLetter', { owner: 'ipaas', id: '7' }, { cause: 'fixed' }, 'ipaas/7', 'fixed'],
    ['setMember', { project: 'shop', username: 'lin' }, { bindings: [] }, 'shop/members/lin', null],
    ['createUser', {}, { username: 'lin', password: secret }, 'lin', null],
    ['resetPassword', { id }, { password: secret, cause: 'forgot it' }, id, 'forgot it'],
    ['login', {}, { username: 'lin', password: secret }, 'lin', null],
  ])('%s of %j with %j is about %s', (name, params, body, target, cause) => {
    expect(of(name, { params, body })).toEqual({ target, cause });
  });

  test('is read from the query of a deletion, and from a body that came as bytes', () => {
    expect(of('deleteService', { params: place, query: { cause: 'unused' } }).cause).toBe('unused');
    const body = Buffer.from(JSON.stringify({ name: 'third', kubeconfig: secret, cause: 'more' }));
    expect(of('sealClusterCredential', { body })).toEqual({ target: 'third', cause: 'more' });
    expect(of('sealClusterCredential', { body: Buffer.from('{"name":') }).target).toBe('cluster-credentials');
  });

  test('names the tries that change nothing', () => {
    const body = { source: 'cmdb', version: 3 };
    expect(of('tryCmdbPush', { body }).target).toBe('cmdb/cmdb/3/dry-run');
    expect(of('tryCmdbPush', { body, query: { dryRun: 'false' } }).target).toBe('cmdb/cmdb/3');
    expect(of('pushCmdb', { body, query: { dryRun: 'true' } }).target).toBe('cmdb/cmdb/3/dry-run');
  });

  test('is cut at 500 characters, each part at 100', () => {
    const ids = Array.from({ length: 500 }, () => id);
    expect(of('decideCmdbVanished', { body: { decision: 'keep', ids } }).target).toHaveLength(500);
    expect(of('createUser', { body: { username: 'x'.repeat(1_000) } }).target).toHaveLength(100);
  });

  test(`is an object for each of the audited routes but the 5 about the caller's own, even when nothing of the body is known`, () => {
    const params = { ...place, id, push: id, cluster: 'a', name: 'n', source: 's', owner: 'ipaas', username: 'lin' };
    const without = routeTable
      .filter(({ audited }) => audited)
      .filter((route) => subjectOf(route, { params, query: {}, body: undefined }).target === '');
    expect(without.map(({ id: name }) => name).sort()).toEqual([
      'changePassword',
      'createOwnToken',
      'login',
      'logout',
      'savePreferences',
    ]);
  });

  test('never has a word of a field that is not named for it', () => {
    const body = { password: secret, value: secret, kubeconfig: secret, newPassword: secret, token: secret };
    for (const route of routeTable)
      expect(JSON.stringify(subjectOf(route, { params: {}, query: {}, body }))).not.toContain(secret);
  });
});

describe('the beginning of a push', () => {
  test.each<[string, object]>([
    ['{"source":"cmdb","version":42,"services":[{"source":"other"', { source: 'cmdb', version: 42 }],
    [
      ' { "version" : 7 , "sample":true,\n"source" : "a \\"b\\"", "removed":{"source":"x"',
      { version: 7, source: 'a "b"' },
    ],
    ['{"services":[],"source":"late"}', {}],
    ['{"source":"cut of', {}],
    ['{"source":"cmdb"}', { source: 'cmdb' }],
    ['[{"source":"cmdb"}]', {}],
    ['', {}],
  ])('%s has %j', (beginning, fields) => expect(headFields(beginning)).toEqual(fields));
});
