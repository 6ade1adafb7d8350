import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathTo, routes, type Route } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiUser } from '@berth/local';
import { deployBody } from './bodies.js';
import { stateFile } from './environment.js';
import { administrator } from './people.js';
import { sampleImage, sampleProject } from './sample.js';
import { answers, cache, commandLines, logs, records, tables, type Held } from './stores.js';

const random = () => randomBytes(12).toString('hex');
/** In no secret, and in everything that is searched: it shows that the search finds what is there. */
const marker = `seen-${random().slice(0, 10)}`;
const planted = {
  'a secret variable': `Variable-${random()}`,
  'its second version': `Variable-${random()}`,
  'a secret in a body that is not JSON': `Broken-${random()}`,
  'a password in a body that is not JSON': `Broken-${random()}`,
  'a secret in a field that does not exist': `Unknown-${random()}`,
  'a token in a kubeconfig that cannot be used': `Kubeconfig-${random()}`,
  'a first password': `First-${random()}`,
  'a chosen password': `Chosen-${random()}`,
  'a wrong password': `Wrong-${random()}`,
  'a password typed as a user name': `Typed-${random()}`,
};
const secrets = new Map<string, string>(Object.entries(planted));

/** Secrets of people and of the platform itself go to where they are needed, and are in the clear nowhere else. */
describe('no secret is in the clear', () => {
  let admin: ApiUser;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    for (const [name, value] of platformSecrets()) secrets.set(name, value);
    admin = await administrator();
    secrets.set('a session', admin.credentials().cookie.replace(/^[^=]*=/, ''));
    service = { project: await sampleProject(admin), environment: 'test', service: marker };
    await aPersonLogsIn(admin);
    await aMachineTokenIsUsed(admin);
    await brokenRequestsAreRefused(admin, service);
    await aServiceUsesTheSecret(admin, service);
  });
  afterAll(() => admin.operate(routes.deleteService, { params: service }));

  test('in the answers of the API', async () => {
    const [operation] = (await admin.ok(routes.listOperations, { query: { target: Object.values(service).join('/') } }))
      .items;
    const [container] = (await admin.ok(routes.listContainers, { params: service })).items;
    if (!operation || !container) throw new Error('the service has no operation or no container');
    const { cluster, name } = container;
    expectClean(await answers(admin, { ...service, id: operation.id, cluster }, { cluster, container: name }));
  });

  test('in the tables of all services', async () => expectClean(await tables()));
  test('in the streams', async () => expectClean(await records()));
  test('in Redis', async () => expectClean(await cache()));
  test('in the logs', () => expectClean(logs()));
  test('on a command line', () => expect(found(commandLines())).toEqual([]));
});

function expectClean(held: readonly Held[]): void {
  expect(held.some(({ text }) => text.includes(marker))).toBe(true);
  expect(found(held)).toEqual([]);
}

/** What is where, without its value. */
function found(held: readonly Held[]): string[] {
  const needles = [...secrets].flatMap(([name, value]) => formsOf(value).map((form) => ({ name, form })));
  return held.flatMap(({ where, text }) =>
    needles.filter(({ form }) => text.includes(form)).map(({ name }) => `${name} in ${where}`),
  );
}

/** The ways in which a value can stand in a text without being sealed. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  // Inside of a longer text that is in base64, a value begins at any of three places; its edges mix with what is beside it.
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(shift === 0 ? 0 : shift + 1, -2);
  });
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), bytes.toString('hex'), ...inBase64];
}

/** Passwords, keys and tokens of the platform, by their place in its state folder. */
function platformSecrets(): [string, string][] {
  const keys = readdirSync(stateFile('keys'))
    .filter((name) => !/\.(pub|made)$/.test(name))
    .map((name): [string, string] => [`keys/${name}`, body(readFileSync(stateFile('keys', name), 'utf8'))]);
  const own: unknown = JSON.parse(readFileSync(stateFile('secrets.json'), 'utf8'));
  const credentials = readdirSync(stateFile('clusters')).flatMap((cluster) => {
    const text = readFileSync(stateFile('clusters', cluster, 'platform.kubeconfig'), 'utf8');
    return [...text.matchAll(/(?:client-key-data|token):\s*(\S+)/g)].map(([, value = '']): [string, string] => [
      path.join('clusters', cluster),
      // Of a key only the middle: what is at its ends is the same in all keys.
      value.length > 400 ? value.slice(200, 300) : value,
    ]);
  });
  return [...keys, ...leaves(own, 'secrets'), ...credentials].filter(([, value]) => value.length >= 8);
}

/** The first line of what a PEM file holds; another file as it is. */
function body(text: string): string {
  return text.split('\n').find((line) => line !== '' && !line.startsWith('-----')) ?? '';
}

function leaves(value: unknown, name: string): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => leaves(inner, `${name}.${key}`));
}

async function aPersonLogsIn(admin: ApiUser): Promise<void> {
  const [first, chosen] = [planted['a first password'], planted['a chosen password']];
  await admin.ok(routes.createUser, { body: { username: marker, name: marker, password: first, bindings: [] } });
  const person = new ApiUser(admin.url);
  await person.login(marker, first);
  await person.changePassword(first, chosen);
  // The count of failed logins is in Redis.
  await person.call(routes.login, { body: { username: marker, password: planted['a wrong password'] } });
  await person.call(routes.login, { body: { username: planted['a password typed as a user name'], password: 'x' } });
}

async function aMachineTokenIsUsed(admin: ApiUser): Promise<void> {
  const { token } = await admin.ok(routes.createToken, {
    body: { name: marker, permission: 'cmdb.push', expiresInDays: 1 },
  });
  secrets.set('a machine token', token);
  await admin.call(routes.pushCmdb, { bearer: token, body: {} });
}

async function brokenRequestsAreRefused(admin: ApiUser, service: ServiceAt): Promise<void> {
  const params = { ...service, name: 'BROKEN' };
  const unknown = await admin.call(routes.putSecret, {
    params,
    body: { value: 'x', more: planted['a secret in a field that does not exist'] },
  });
  const broken = async (route: Route, value: string) => {
    const response = await fetch(admin.url + pathTo(route, params), {
      method: route.method,
      headers: { ...admin.credentials(), 'content-type': 'application/json' },
      body: `{"value": ${value}`,
    });
    return `${response.status} ${await response.text()}`;
  };
  // One is parsed by the owner, the other by the gateway.
  const refused = [
    JSON.stringify(unknown.problem),
    await broken(routes.putSecret, planted['a secret in a body that is not JSON']),
    await broken(routes.createUser, planted['a password in a body that is not JSON']),
  ];
  for (const text of refused) expect(text).toContain('bad_request');
  const kubeconfig = unusableKubeconfig(planted['a token in a kubeconfig that cannot be used']);
  const sealed = await admin.call(routes.sealClusterCredential, { body: { name: 'nowhere', kubeconfig } });
  expect(found([{ where: 'refusals', text: [...refused, JSON.stringify(sealed)].join('\n') }])).toEqual([]);
}

async function aServiceUsesTheSecret(admin: ApiUser, service: ServiceAt): Promise<void> {
  const params = { ...service, name: 'API_KEY' };
  await admin.ok(routes.putSecret, { params, body: { value: planted['a secret variable'] } });
  const { version } = await admin.ok(routes.putSecret, { params, body: { value: planted['its second version'] } });
  const variables = [{ name: 'API_KEY', secret: { name: 'API_KEY', version } }];
  const body = deployBody(service.service, sampleImage('1.0'), { variables });
  expect(await admin.operate(routes.deployService, { params: service, body })).toMatchObject({ state: 'succeeded' });
}

interface ServiceAt {
  readonly project: string;
  readonly environment: 'test';
  readonly service: string;
}

function unusableKubeconfig(token: string): string {
  return `apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:9'}}]
users: [{name: u, user: {token: '${token}'}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
`;
}
