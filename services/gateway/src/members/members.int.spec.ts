import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Candidate, Member, Session, Token, User } from '@berth/api';
import { ProjectStore } from '../projects/projects.store.pg.js';
import { EventReader } from '../rig/event-reader.js';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';

let rig: GatewayRig;
let admin: Visitor;
const password = 'a-Long-enough-1';

beforeAll(async () => {
  rig = await GatewayRig.start();
  admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
  await new ProjectStore().save(rig.database, {
    slug: 'shop',
    code: 'shop',
    name: '商城',
    businessLine: { code: 't1', name: '零售' },
    cmdbId: 'shop',
    retired: false,
    allowsUnregistered: true,
    updatedAt: '2026-01-01T00:00:00.000Z',
  });
}, 60_000);
afterAll(() => rig.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const ask = (
  method: Method,
  path: string,
  payload?: object,
  headers: Readonly<Record<string, string>> = admin.headers,
) => rig.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
const addUser = async (username: string, name = username) =>
  (await ask('POST', '/users', { username, name, password, bindings: [] })).json() as User;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const nameOf = async (visitor: Visitor) =>
  (await rig.database.query<{ username: string }>('select username from app_user where id = $1', [visitor.userId]))[0]
    ?.username ?? '';
const auditOf = async (action: string) =>
  (
    await rig.database.query<{ target: string; cause: string | null }>(
      'select target, cause from audit where action = $1 order by position desc limit 1',
      [action],
    )
  )[0];

describe('a user', () => {
  test('who is deactivated has no session, token or feed left at once, cannot log in, and comes back without them', async () => {
    const visitor = await rig.visitor([{ role: 'developer', scope: 'project:shop' }]);
    const made = await ask('POST', '/session/tokens', { name: 'script', expiresInDays: 30 }, visitor.headers);
    const { token } = made.json() as { token: string };
    const list = (headers: Readonly<Record<string, string>>) => ask('GET', '/operations', undefined, headers);
    expect([(await list(visitor.headers)).statusCode, (await list(bearer(token))).statusCode]).toEqual([200, 200]);
    const feed = await EventReader.open(`${rig.url}/api/v1/feed`, visitor.headers);

    const answer = await ask('POST', `/users/${visitor.userId}/deactivate`, { cause: '离职' });
    expect(answer.json()).toMatchObject({ active: false, sessions: 0 });
    expect([(await list(visitor.headers)).statusCode, (await list(bearer(token))).statusCode]).toEqual([401, 401]);
    expect(await auditOf('deactivateUser')).toEqual({ target: await nameOf(visitor), cause: '离职' });
    feed.close();

    expect((await ask('POST', `/users/${visitor.userId}/activate`, {})).json()).toMatchObject({ active: true });
    expect([(await list(visitor.headers)).statusCode, (await list(bearer(token))).statusCode]).toEqual([401, 401]);
  });

  test('cannot shut out themselves, and the last administrator cannot be shut out', async () => {
    expect((await ask('POST', `/users/${admin.userId}/deactivate`, {})).json().code).toBe('not_yourself');
    const other = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    expect((await ask('POST', `/users/${admin.userId}/deactivate`, {}, other.headers)).statusCode).toBe(200);
    expect((await ask('PUT', `/users/${other.userId}/bindings`, { bindings: [] }, other.headers)).json().code).toBe(
      'last_admin',
    );
    expect((await ask('POST', `/users/${admin.userId}/activate`, {}, other.headers)).statusCode).toBe(200);
    admin = other;
  });

  test('whose password was reset logs in with the temporary one, must change it, and has lost the sessions of the old', async () => {
    const user = await addUser('reset-me');
    const login = (given: string) => ask('POST', '/session', { username: 'reset-me', password: given }, {});
    const first = await login(password);
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    const temporary = 'temporary-Pass-7';
    expect((await ask('PUT', `/users/${user.id}/password`, { password: 'short' })).json().code).toBe('weak_password');
    expect((await ask('PUT', `/users/${user.id}/password`, { password: temporary })).statusCode).toBe(200);
    expect((await ask('GET', '/session', undefined, { cookie })).statusCode).toBe(401);
    expect((await login(password)).json().code).toBe('wrong_credentials');
    expect((await login(temporary)).json()).toMatchObject({ mustChangePassword: true });
    const rows = JSON.stringify(await rig.database.query('select * from audit'));
    expect(rows).not.toContain(temporary);
  });

  test('is found by a part of the user name or the name, and by being active', async () => {
    await addUser('zhou.hang', '周航');
    const found = async (query: string) =>
      ((await ask('GET', `/users?${query}`)).json() as { items: User[] }).items.map(({ username }) => username);
    expect(await found('text=ZHOU')).toEqual(['zhou.hang']);
    expect(await found(`text=${encodeURIComponent('航')}`)).toEqual(['zhou.hang']);
    expect(await found('text=zhou&active=false')).toEqual([]);
  });

  test('keeps who gave a role and when, over a change of other roles', async () => {
    const user = await addUser('given');
    const set = async (bindings: object[], by = admin) =>
      (await ask('PUT', `/users/${user.id}/bindings`, { bindings, cause: 'team' }, by.headers)).json() as User;
    const viewer = { role: 'viewer', scope: 'tenant:t1' };
    const [before] = (await set([viewer])).bindings;
    expect(before).toMatchObject({ ...viewer, givenBy: await nameOf(admin), givenAt: expect.stringMatching(/Z$/) });
    const other = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    const after = await set([viewer, { role: 'developer', scope: 'environment:shop/test' }], other);
    expect(after.bindings).toEqual([
      { role: 'developer', scope: 'environment:shop/test', givenBy: await nameOf(other), givenAt: expect.any(String) },
      before,
    ]);
    expect(await auditOf('setBindings')).toEqual({
      target: 'given/+developer environment:shop/test',
      cause: 'team',
    });
  });
});

describe('somebody who manages users and is no administrator', () => {
  test('gives no role above the own, to nobody and not to themselves, and takes none', async () => {
    const owner = await rig.visitor([{ role: 'owner', scope: 'platform' }]);
    const by = (method: Method, path: string, payload: object) => ask(method, path, payload, owner.headers);
    const adminBindings = [{ role: 'platform-admin', scope: 'platform' }];
    const refused = [
      await by('PUT', `/users/${owner.userId}/bindings`, { bindings: adminBindings }),
      await by('POST', '/users', { username: 'too.high', name: 'x', password, bindings: adminBindings }),
      await by('PUT', `/users/${admin.userId}/bindings`, { bindings: [] }),
      await by('PUT', `/users/${admin.userId}/password`, { password: 'temporary-Pass-7' }),
      await by('POST', `/users/${admin.userId}/deactivate`, {}),
      await by('POST', `/users/${admin.userId}/activate`, {}),
      await by('POST', '/tokens', { name: 'cmdb', permission: 'cmdb.push', expiresInDays: 1 }),
    ];
    expect(refused.map((answer) => [answer.statusCode, answer.json().code])).toEqual(
      Array.from({ length: 7 }, () => [403, 'forbidden']),
    );
    expect((await ask('GET', '/session')).json()).toMatchObject({ bindings: adminBindings });
    expect((await ask('GET', '/users?text=too.high')).json()).toMatchObject({ items: [] });
    const [row] = await rig.database.query<{ count: number }>(
      `select count(*) from audit where result = 'forbidden' and actor_id = $1`,
      [owner.userId],
    );
    expect(row?.count).toBe(7);
  });

  test('gives roles up to the own, and leaves what an administrator gave as it is', async () => {
    const owner = await rig.visitor([{ role: 'owner', scope: 'platform' }]);
    const operator = await rig.visitor([{ role: 'operator', scope: 'platform' }]);
    const bindings = [
      { role: 'operator', scope: 'platform' },
      { role: 'owner', scope: 'tenant:t1' },
    ];
    const answer = await ask('PUT', `/users/${operator.userId}/bindings`, { bindings }, owner.headers);
    expect([answer.statusCode, (answer.json() as User).bindings.length]).toEqual([200, 2]);
  });
});

describe('members of a project', () => {
  const roles = (member: Member) =>
    member.bindings.map(({ role, scope, inherited }) => `${role} ${scope}${inherited ? ' inherited' : ''}`);

  test('are seen and managed by its owner, and roles elsewhere stay as they are', async () => {
    const user = await addUser('ling', '林晓');
    await ask('PUT', `/users/${user.id}/bindings`, {
      bindings: [
        { role: 'viewer', scope: 'tenant:t1' },
        { role: 'developer', scope: 'project:other' },
      ],
    });
    const owner = await rig.visitor([{ role: 'owner', scope: 'project:shop' }]);
    const search = await ask('GET', '/projects/shop/member-candidates?text=ling', undefined, owner.headers);
    expect((search.json() as { items: Candidate[] }).items).toEqual([{ username: 'ling', name: '林晓' }]);

    const bindings = [{ role: 'maintainer', environment: null }];
    const set = await ask('PUT', '/projects/shop/members/ling', { bindings, cause: '新同事' }, owner.headers);
    expect(roles(set.json() as Member)).toEqual(['maintainer project:shop', 'viewer tenant:t1 inherited']);
    const list = (await ask('GET', '/projects/shop/members', undefined, owner.headers)).json() as { items: Member[] };
    expect(list.items.map(({ username }) => username)).toContain('ling');
    expect(await auditOf('setMember')).toEqual({
      target: 'shop/members/ling/+maintainer project:shop',
      cause: '新同事',
    });
    const whole = (await ask('GET', '/users?text=ling')).json() as { items: User[] };
    expect(whole.items[0]?.bindings.map(({ scope }) => scope)).toEqual(['project:other', 'project:shop', 'tenant:t1']);

    await ask('PUT', '/projects/shop/members/ling', { bindings: [] }, owner.headers);
    expect((await ask('GET', '/users?text=ling')).json().items[0].bindings).toHaveLength(2);
  });

  test('cannot be given a role beyond the own right, nor a role of the platform', async () => {
    await addUser('wu');
    const owner = await rig.visitor([{ role: 'owner', scope: 'environment:shop/test' }]);
    const set = (bindings: object[], project = 'shop') =>
      ask('PUT', `/projects/${project}/members/wu`, { bindings }, owner.headers);
    expect((await set([{ role: 'developer', environment: 'test' }])).statusCode).toBe(200);
    for (const environment of ['prod', null])
      expect((await set([{ role: 'developer', environment }])).json().code).toBe('forbidden');
    expect((await set([{ role: 'platform-admin', environment: 'test' }])).json().code).toBe('bad_request');
    expect((await set([{ role: 'viewer', environment: 'test' }], 'other')).json().code).toBe('forbidden');
    expect((await ask('PUT', '/projects/shop/members/nobody', { bindings: [] })).json().code).toBe('not_found');
  });
});

describe('tokens', () => {
  test('of a person do what the person may, list their last use, make no other token, and end at once', async () => {
    const visitor = await rig.visitor([{ role: 'viewer', scope: 'project:shop' }]);
    const body = { name: 'ci', expiresInDays: 30 };
    const made = (await ask('POST', '/session/tokens', body, visitor.headers)).json() as { id: string; token: string };
    const use = (method: Method, path: string, payload?: object) => ask(method, path, payload, bearer(made.token));
    expect((await use('GET', '/operations')).statusCode).toBe(200);
    expect((await use('GET', '/users')).json().code).toBe('forbidden');
    expect((await use('POST', '/session/tokens', body)).statusCode).toBe(401);
    const own = async () =>
      ((await ask('GET', '/session/tokens', undefined, visitor.headers)).json() as { items: Token[] }).items;
    expect(await own()).toEqual([
      expect.objectContaining({ name: 'ci', permission: null, usable: true, lastUsedAt: expect.stringMatching(/Z$/) }),
    ]);
    expect(JSON.stringify(await own())).not.toContain(made.token);
    const stranger = await rig.visitor([]);
    expect((await ask('DELETE', `/session/tokens/${made.id}`, undefined, stranger.headers)).statusCode).toBe(404);
    expect((await ask('DELETE', `/session/tokens/${made.id}`, undefined, visitor.headers)).statusCode).toBe(204);
    expect((await use('GET', '/operations')).statusCode).toBe(401);
    expect((await own())[0]).toMatchObject({ usable: false });
  });

  test('of machines and people are listed and revoked by an administrator', async () => {
    const wanted = { name: 'cmdb', permission: 'cmdb.push', expiresInDays: 1 };
    const made = (await ask('POST', '/tokens', wanted)).json() as { id: string; token: string };
    const list = async () => ((await ask('GET', '/tokens')).json() as { items: Token[] }).items;
    expect((await list())[0]).toMatchObject({
      id: made.id,
      permission: 'cmdb.push',
      createdBy: await nameOf(admin),
      lastUsedAt: null,
      usable: true,
    });
    expect((await ask('DELETE', `/tokens/${made.id}`)).statusCode).toBe(204);
    expect(await auditOf('revokeToken')).toMatchObject({ target: 'cmdb' });
    expect((await ask('DELETE', `/tokens/${made.id}`)).statusCode).toBe(404);
    const auditor = await rig.visitor([{ role: 'auditor', scope: 'platform' }]);
    expect((await ask('GET', '/tokens', undefined, auditor.headers)).statusCode).toBe(200);
    expect((await ask('DELETE', `/tokens/${made.id}`, undefined, auditor.headers)).statusCode).toBe(403);
  });
});

describe('the own sessions', () => {
  test('are listed with browser and address, and another one is ended, but nobody else’s', async () => {
    await addUser('two.places');
    const login = async (userAgent: string) => {
      const answer = await ask('POST', '/session', { username: 'two.places', password }, { 'user-agent': userAgent });
      const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
      return { cookie, 'x-csrf-token': (answer.json() as { csrfToken: string }).csrfToken };
    };
    const here = await login('Firefox');
    const there = await login('Chrome');
    await ask('POST', '/session/password', { oldPassword: password, newPassword: 'another-Long-1' }, here);
    expect((await ask('GET', '/session', undefined, there)).statusCode).toBe(401);
    const second = await ask(
      'POST',
      '/session',
      { username: 'two.places', password: 'another-Long-1' },
      { 'user-agent': 'Chrome' },
    );
    const cookie = String(second.headers['set-cookie']).split(';')[0] ?? '';
    const list = async () => ((await ask('GET', '/session/all', undefined, here)).json() as { items: Session[] }).items;
    const rows = await list();
    expect(rows.map(({ userAgent, current }) => [userAgent, current]).sort()).toEqual([
      ['Chrome', false],
      ['Firefox', true],
    ]);
    const other = rows.find(({ current }) => !current)?.id ?? '';
    const stranger = await rig.visitor([]);
    expect((await ask('DELETE', `/session/all/${other}`, undefined, stranger.headers)).statusCode).toBe(404);
    expect((await ask('DELETE', `/session/all/${other}`, undefined, here)).statusCode).toBe(204);
    expect((await ask('GET', '/session', undefined, { cookie })).statusCode).toBe(401);
    expect(await list()).toHaveLength(1);
  });
});
