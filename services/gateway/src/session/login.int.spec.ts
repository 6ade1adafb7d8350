import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '@berth/platform/clock';
import { silentLogger } from '@berth/platform/log';
import { eventually } from '@berth/testing';
import { MemberStore } from '../members/members.store.pg.js';
import { GatewayRig } from '../rig/gateway.rig.js';
import { FirstAccounts } from './first-accounts.js';
import { Passwords } from './passwords.js';
import { SessionStore } from './session.store.pg.js';

const password = 'first-password-42';
const file = join(tmpdir(), `berth-spec-admin-${process.pid}`);
const setupFile = join(tmpdir(), `berth-spec-setup-${process.pid}`);
let rig: GatewayRig;

beforeAll(async () => {
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  writeFileSync(setupFile, 'setup-password-1\n', { mode: 0o600 });
  rig = await GatewayRig.start({ BERTH_ADMIN_PASSWORD_FILE: file, BERTH_SETUP_PASSWORD_FILE: setupFile });
}, 60_000);
afterAll(() => rig.close());

type Headers = Record<string, string>;
const post = (url: string, payload: object, headers: Headers = {}) =>
  rig.app.inject({ method: 'POST', url, payload, headers });
const login = (username: string, given: string, headers: Headers = {}) =>
  post('/api/v1/session', { username, password: given }, headers);
const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers['set-cookie']).split(';')[0] as string;

async function waitingForLocks(): Promise<number> {
  const rows = await rig.database.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

describe('logging in', () => {
  test('the first administrator logs in and may only change the password', async () => {
    const answer = await login('admin', password);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ username: 'admin', mustChangePassword: true });
    expect(answer.headers['set-cookie']).toMatch(
      /^berth_session=[\w-]{22}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/,
    );
    const cookie = cookieOf(answer);
    const users = await rig.app.inject({ url: '/api/v1/users', headers: { cookie } });
    expect([users.statusCode, users.json().code]).toEqual([403, 'password_change_required']);
    expect((await rig.app.inject({ url: '/api/v1/session', headers: { cookie } })).statusCode).toBe(200);
  });

  test('a wrong password and an unknown user get the same answer', async () => {
    const [wrong, unknown] = [await login('admin', 'nope'), await login('nobody', 'nope')];
    expect([wrong.statusCode, wrong.json()]).toEqual([401, unknown.json()]);
    expect(wrong.json().code).toBe('wrong_credentials');
  });

  test('a password that was typed as the user name is refused, and is in no table', async () => {
    const typed = 'My-Own-Password-7!';
    expect((await login(typed, 'x')).json().code).toBe('wrong_credentials');
    const rows = await rig.database.query<{ target: string; text: string }>(
      `select target, audit::text as text from audit where action = 'login' order by position desc limit 5`,
    );
    expect(rows[0]?.target).toBe('?');
    expect(rows.filter(({ text }) => text.includes(typed))).toHaveLength(0);
  });

  test('a change with the cookie and without its CSRF header is refused, with another one too', async () => {
    const cookie = cookieOf(await login('admin', password));
    const body = { oldPassword: password, newPassword: 'another-password-1' };
    for (const headers of [{ cookie }, { cookie, 'x-csrf-token': 'x'.repeat(43) }])
      expect((await post('/api/v1/session/password', body, headers as Headers)).json().code).toBe('csrf');
  });

  test('changing the password ends the other session and keeps the own one', async () => {
    const [mine, other] = [await login('admin', password), await login('admin', password)];
    const headers = { cookie: cookieOf(mine), 'x-csrf-token': mine.json().csrfToken as string };
    const weak = await post('/api/v1/session/password', { oldPassword: password, newPassword: 'short' }, headers);
    expect([weak.statusCode, weak.json().code]).toEqual([422, 'weak_password']);
    const changed = await post(
      '/api/v1/session/password',
      { oldPassword: password, newPassword: 'my-own-password-7' },
      headers,
    );
    expect([changed.statusCode, changed.json().mustChangePassword]).toEqual([200, false]);
    expect((await rig.app.inject({ url: '/api/v1/users', headers })).statusCode).toBe(200);
    const ended = await rig.app.inject({ url: '/api/v1/session', headers: { cookie: cookieOf(other) } });
    expect([ended.statusCode, ended.json().code]).toEqual([401, 'not_logged_in']);
    expect((await login('admin', password)).statusCode).toBe(401);
    expect(existsSync(file)).toBe(false);
  });

  test('the installer’s account has the password of its file and keeps it', async () => {
    const answer = await login('setup', 'setup-password-1');
    expect([answer.statusCode, answer.json().mustChangePassword]).toEqual([200, false]);
  });

  test('a reset gives admin a new first password and ends its sessions', async () => {
    const before = await login('admin', 'my-own-password-7');
    writeFileSync(file, 'reset-password-3\n');
    const log = silentLogger();
    const accounts = new FirstAccounts(rig.database, new MemberStore(), new Passwords(), new SystemClock(), log);
    await accounts.resetAdmin(file);
    expect((await rig.app.inject({ url: '/api/v1/session', headers: { cookie: cookieOf(before) } })).statusCode).toBe(
      401,
    );
    const again = await login('admin', 'reset-password-3');
    expect(again.json()).toMatchObject({ mustChangePassword: true, bindings: [{ role: 'platform-admin' }] });
    const headers = { cookie: cookieOf(again), 'x-csrf-token': again.json().csrfToken as string };
    const body = { oldPassword: 'reset-password-3', newPassword: 'my-own-password-7' };
    expect((await post('/api/v1/session/password', body, headers)).statusCode).toBe(200);
    const audit = await rig.database.query(`select 1 from audit where action = 'firstPassword' and target = 'admin'`);
    expect(audit).toHaveLength(2);
  });

  test.each([
    ['is inactive and has no role', `update app_user set active = false where username = 'admin'`],
    ['is missing', `delete from app_user where username = 'admin'`],
  ])('a reset makes an administrator of an admin who %s', async (_, harm) => {
    await rig.database.query(
      `delete from role_binding where user_id = (select id from app_user where username = 'admin')`,
    );
    await rig.database.query(harm);
    expect((await login('admin', 'my-own-password-7')).statusCode).toBe(401);
    writeFileSync(file, 'reset-password-4\n');
    const log = silentLogger();
    await new FirstAccounts(rig.database, new MemberStore(), new Passwords(), new SystemClock(), log).resetAdmin(file);
    const again = await login('admin', 'reset-password-4');
    expect(again.json()).toMatchObject({
      mustChangePassword: true,
      bindings: [{ role: 'platform-admin', scope: 'platform' }],
    });
    const headers = { cookie: cookieOf(again), 'x-csrf-token': again.json().csrfToken as string };
    const body = { oldPassword: 'reset-password-4', newPassword: 'my-own-password-7' };
    expect((await post('/api/v1/session/password', body, headers)).statusCode).toBe(200);
  });

  test('a file of an old first password that was left over is removed at the next start', async () => {
    writeFileSync(file, 'reset-password-4\n');
    await rig.another();
    expect(existsSync(file)).toBe(false);
  });

  test('a login with the old password that is under way while it is changed gets no session', async () => {
    const { userId } = await rig.visitor([]);
    const passwords = new Passwords();
    const [before, after] = [await passwords.hash('before-password'), await passwords.hash('after-password')];
    await rig.database.query(`update app_user set username = 'racer', password_hash = $2 where id = $1`, [
      userId,
      before,
    ]);
    const { answer } = await rig.database.transaction(async (tx) => {
      await new SessionStore().setPassword(tx, userId, after);
      const pending = login('racer', 'before-password');
      await eventually(async () => expect(await waitingForLocks()).toBe(1));
      await new SessionStore().endOthers(tx, userId, null);
      return { answer: pending };
    });
    expect((await answer).statusCode).toBe(401);
    expect(await rig.database.query('select 1 from session where user_id = $1', [userId])).toHaveLength(0);
    expect((await login('racer', 'after-password')).statusCode).toBe(200);
  });

  test('of two changes of one password at the same time one holds, and the other hears that its old password is wrong', async () => {
    const { userId } = await rig.visitor([]);
    const passwords = new Passwords();
    const [before, after] = [await passwords.hash('before-password'), await passwords.hash('after-password')];
    await rig.database.query(`update app_user set username = 'changer', password_hash = $2 where id = $1`, [
      userId,
      before,
    ]);
    const mine = await login('changer', 'before-password');
    const headers = { cookie: cookieOf(mine), 'x-csrf-token': mine.json().csrfToken as string };
    const { answer } = await rig.database.transaction(async (tx) => {
      await new SessionStore().setPassword(tx, userId, after);
      const body = { oldPassword: 'before-password', newPassword: 'too-late-password' };
      const pending = post('/api/v1/session/password', body, headers);
      await eventually(async () => expect(await waitingForLocks()).toBe(1));
      return { answer: pending };
    });
    expect([(await answer).statusCode, (await answer).json().code]).toEqual([401, 'wrong_credentials']);
    expect((await login('changer', 'too-late-password')).statusCode).toBe(401);
    expect((await login('changer', 'after-password')).statusCode).toBe(200);
  });

  test('logging out ends the session', async () => {
    const mine = await login('admin', 'my-own-password-7');
    const headers = { cookie: cookieOf(mine), 'x-csrf-token': mine.json().csrfToken as string };
    expect((await rig.app.inject({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode).toBe(204);
    expect((await rig.app.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401);
  });

  test('sessions end after 8 idle hours and after 24 hours', async () => {
    for (const [column, hours] of [
      ['seen_at', 8],
      ['created_at', 24],
    ] as const) {
      const { headers, userId } = await rig.visitor([]);
      expect((await rig.app.inject({ url: '/api/v1/session', headers })).statusCode).toBe(200);
      await rig.database.query(`update session set ${column} = now() - interval '${hours} hours' where user_id = $1`, [
        userId,
      ]);
      expect((await rig.app.inject({ url: '/api/v1/session', headers })).statusCode).toBe(401);
    }
  });

  test('the eleventh try of one user from one address waits, with Redis away', async () => {
    const answers = [];
    for (let tries = 0; tries < 11; tries += 1) answers.push((await login('guessed', 'nope')).statusCode);
    expect(answers).toEqual([...Array<number>(10).fill(401), 429]);
  });

  test('a login that is not JSON is refused, so that no other site can log somebody in', async () => {
    const answer = await rig.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: '{"username":"admin","password":"x"}',
      headers: { 'content-type': 'text/plain' },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('members', () => {
  test('a user is made once, gets roles that work at once, and the last administrator stays', async () => {
    const admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    const wanted = { username: 'lin', name: '林晓', password: 'given-password-1', bindings: [] };
    const made = await post('/api/v1/users', wanted, { ...admin.headers });
    expect([made.statusCode, made.json().mustChangePassword]).toEqual([201, true]);
    expect((await post('/api/v1/users', wanted, { ...admin.headers })).json().code).toBe('user_exists');

    const other = await rig.visitor([]);
    const audit = () => rig.app.inject({ url: '/api/v1/audit', headers: { ...other.headers } });
    expect((await audit()).statusCode).toBe(403);
    const bind = (id: string, bindings: object[]) =>
      rig.app.inject({
        method: 'PUT',
        url: `/api/v1/users/${id}/bindings`,
        payload: { bindings },
        headers: { ...admin.headers },
      });
    expect((await bind(other.userId, [{ role: 'auditor', scope: 'platform' }])).statusCode).toBe(200);
    expect((await audit()).statusCode).toBe(200);
    expect((await bind(other.userId, [])).statusCode).toBe(200);
    expect((await audit()).statusCode).toBe(403);

    await rig.database.query(`delete from role_binding where role = 'platform-admin' and user_id <> $1`, [
      admin.userId,
    ]);
    const last = await bind(admin.userId, [{ role: 'viewer', scope: 'platform' }]);
    expect([last.statusCode, last.json().code]).toEqual([409, 'last_admin']);
  });

  test('a machine token may push and nothing else, until it ends', async () => {
    const admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    const body = { name: 'cmdb', permission: 'cmdb.push', expiresInDays: 1 };
    const made = await post('/api/v1/tokens', body, { ...admin.headers });
    expect(made.statusCode).toBe(201);
    const headers = { authorization: `Bearer ${made.json().token as string}` };
    const push = () => post('/api/v1/cmdb/pushes', { source: 's' }, headers);
    expect((await push()).statusCode).toBe(200);
    expect(rig.owners.dolphinsync.reached.at(-1)).toMatchObject({
      body: '{"source":"s"}',
      identity: { scopes: 'all', permissions: ['cmdb.push'], channel: 'cmdb' },
    });
    for (const url of ['/api/v1/session', '/api/v1/services', '/api/v1/users', '/api/v1/feed'])
      expect((await rig.app.inject({ url, headers })).statusCode).toBe(403);
    await rig.database.query(`update machine_token set expires_at = now() - interval '1 second'`);
    expect((await push()).statusCode).toBe(401);
    expect((await post('/api/v1/cmdb/pushes', {}, { ...admin.headers })).statusCode).toBe(403);
  });
});
