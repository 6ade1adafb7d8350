import { cmdbSourceState } from '@berth/contracts';
import { aMessage } from '@berth/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Token, User } from '@berth/api';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { SampleMessages } from './samples.messages.controller.js';

let rig: GatewayRig;
let admin: Visitor;
const password = 'a-Long-enough-1';
const chen = { id: 'u-1', name: 'chen', channel: 'portal' as const };

beforeAll(async () => {
  rig = await GatewayRig.start();
  admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
}, 60_000);
afterAll(() => rig.close());

const ask = (method: 'GET' | 'POST', path: string, payload?: object, headers = admin.headers) =>
  rig.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const usersNow = async () => {
  const { items } = (await ask('GET', '/users?text=sample-')).json() as { items: User[] };
  return items.map(({ username, active, sample }) => `${username} ${String(active)} ${String(sample)}`);
};

/** dolphinsync says how the source stands. */
async function said(removed: boolean, source = 'sample'): Promise<void> {
  const data = {
    ...{ source, version: 1, sample: true, removed, waiting: 0, approvals: 0 },
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
  const message = aMessage(cmdbSourceState, data, { actor: chen });
  await rig.database.transaction((tx) => rig.app.get(SampleMessages).cmdbSourceState(message, tx));
}

test('a removed sample takes its 2 active accounts, their sessions and its token along; others stay', async () => {
  const add = async (username: string, sample?: string) =>
    (
      await ask('POST', '/users', { username, name: username, password, bindings: [], ...(sample && { sample }) })
    ).json() as User;
  await add('sample-a', 'sample');
  await add('sample-b', 'sample');
  const gone = await add('sample-c', 'sample');
  await add('sample-own');
  await ask('POST', `/users/${gone.id}/deactivate`, { cause: '离职' });
  const token = async (source?: string) =>
    (
      await ask('POST', '/tokens', {
        name: 'push',
        permission: 'cmdb.push',
        expiresInDays: 1,
        ...(source && { source }),
      })
    ).json() as { token: string };
  const [ofSample, ofCmdb] = [await token('sample'), await token()];
  const { items } = (await ask('GET', '/tokens')).json() as { items: Token[] };
  expect(items.map(({ source }) => source)).toEqual([null, 'sample']);

  await said(true);
  expect(await usersNow()).toEqual([
    'sample-a false sample',
    'sample-b false sample',
    'sample-c false sample',
    'sample-own true null',
  ]);
  const push = (value: string) => ask('POST', '/cmdb/pushes', {}, bearer(value) as typeof admin.headers);
  expect((await push(ofSample.token)).statusCode).toBe(401);
  expect((await push(ofCmdb.token)).statusCode).not.toBe(401);
  const rows = await rig.database.query<{ target: string }>(
    `select target from audit where action = 'deactivateUser' and actor_name = 'chen' order by position`,
  );
  expect(rows.map(({ target }) => target)).toEqual(['sample-a', 'sample-b']);
});

test('restored, exactly these 2 come back; said again, nothing changes', async () => {
  await said(false);
  await said(false);
  expect(await usersNow()).toEqual([
    'sample-a true sample',
    'sample-b true sample',
    'sample-c false sample',
    'sample-own true null',
  ]);
});
