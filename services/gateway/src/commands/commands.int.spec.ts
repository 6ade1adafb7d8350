import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { problemOf } from '@berth/api';
import { SystemClock } from '@berth/platform/clock';
import { eventually } from '@berth/testing';
import { randomUUID } from 'node:crypto';
import { ChainStore } from '../audit/chain.store.pg.js';
import { AuditVerifier } from '../audit/verifier.js';
import { GatewayRig, type Copy, type Visitor } from '../rig/gateway.rig.js';
import { json } from '../rig/stub-owner.js';

let rig: GatewayRig;
let second: Copy;
let owner: Visitor;
const cart = '/api/v1/projects/shop/environments/test/services/cart';

beforeAll(async () => {
  rig = await GatewayRig.start();
  second = await rig.another();
  owner = await rig.visitor([{ role: 'owner', scope: 'project:shop' }]);
}, 60_000);
afterAll(() => rig.close());

beforeEach(() => {
  const uid = randomUUID();
  rig.owners.ipaas.answering = ({ body }, response) => {
    const { params, body: sent } = JSON.parse(body) as { params: Record<string, string>; body: object };
    const key = `${params.project}/${params.environment}/${params.service}`;
    json(response, 200, { data: { key, uid, ifVersion: 1, ...sent } });
  };
  rig.owners['cluster-mgr'].answering = rig.owners.ipaas.answering;
});

type Headers = Record<string, string>;
const restart = (headers: Headers = {}, payload: object = {}, copy: Pick<Copy, 'app'> = rig) =>
  copy.app.inject({ method: 'POST', url: `${cart}/restart`, payload, headers: { ...owner.headers, ...headers } });
const rows = (sql: string, parameters: unknown[] = []) => rig.database.query<Record<string, unknown>>(sql, parameters);
const operationIdOf = (answer: { json(): unknown }) => (answer.json() as { operationId: string }).operationId;
const count = async (table: string) => Number((await rows(`select count(*) as n from ${table}`))[0]?.n);

describe('a command', () => {
  test('is accepted with one operation, one audit row and one outbox row', async () => {
    const answer = await restart({}, { cause: '内存泄漏' });
    expect(answer.statusCode).toBe(202);
    const id = operationIdOf(answer);
    expect(answer.headers.location).toBe(`/api/v1/operations/${id}`);
    expect(await rows('select state, target, cause from operation where id = $1', [id])).toEqual([
      { state: 'accepted', target: 'shop/test/cart', cause: '内存泄漏' },
    ]);
    expect(await rows('select action, result from audit where operation_id = $1', [id])).toEqual([
      { action: 'restartService', result: 'accepted' },
    ]);
    const [sent] = await rows(
      `select envelope, data from outbox where key = 'shop/test/cart' order by position desc limit 1`,
    );
    expect(JSON.parse(String(sent?.envelope))).toMatchObject({
      operationId: id,
      actor: { id: owner.userId, channel: 'api' },
    });
    expect(JSON.parse(String(sent?.data))).toMatchObject({ key: 'shop/test/cart', cause: '内存泄漏' });
  });

  test('in production needs a cause, and is refused without one before anybody is asked', async () => {
    const url = '/api/v1/projects/shop/environments/prod/services/cart/restart';
    const post = (payload: object) => rig.app.inject({ method: 'POST', url, payload, headers: owner.headers });
    const asked = rig.owners.ipaas.reached.length;
    const refused = await post({});
    expect([refused.statusCode, refused.json()]).toEqual([422, expect.objectContaining({ code: 'cause_required' })]);
    expect(rig.owners.ipaas.reached.length).toBe(asked);
    expect((await post({ cause: '内存泄漏' })).statusCode).toBe(202);
  });

  test('that deletes has no body; the cause of its query reaches the owner, the command, the operation and the audit', async () => {
    const answer = await rig.app.inject({ method: 'DELETE', url: `${cart}?cause=replaced`, headers: owner.headers });
    expect(answer.statusCode).toBe(202);
    const id = operationIdOf(answer);
    const asked = rig.owners.ipaas.reached.at(-1);
    expect(asked?.url).toBe('/internal/preflight/deleteService');
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({ query: { cause: 'replaced' }, body: {} });
    const [sent] = await rows(`select data from outbox where envelope::text like '%' || $1 || '%'`, [id]);
    expect(JSON.parse(String(sent?.data))).toMatchObject({ key: 'shop/test/cart', cause: 'replaced' });
    expect(await rows('select kind, cause from operation where id = $1', [id])).toEqual([
      { kind: 'service.delete', cause: 'replaced' },
    ]);
    expect(await rows('select action, cause from audit where operation_id = $1', [id])).toEqual([
      { action: 'deleteService', cause: 'replaced' },
    ]);
    const unknown = await rig.app.inject({ method: 'DELETE', url: `${cart}?because=x`, headers: owner.headers });
    expect(unknown.json()).toMatchObject({ errors: [{ path: 'query.because', code: 'unknown_field' }] });
  });

  test('is asked of the owner first with an identity for this scope and this permission only', async () => {
    await restart();
    expect(rig.owners.ipaas.reached.at(-1)).toMatchObject({
      url: '/internal/preflight/restartService',
      identity: { scopes: ['shop/test'], permissions: ['service.restart'], audience: 'ipaas' },
    });
  });

  test('that the owner refuses leaves no operation, and the owner’s own problem and an audit row', async () => {
    const before = [await count('operation'), await count('outbox')];
    rig.owners.ipaas.answering = (_request, response) => json(response, 409, problemOf('service_deleting'));
    const answer = await restart({ 'x-correlation-id': 'refused-1' });
    expect([answer.statusCode, answer.json()]).toEqual([409, expect.objectContaining(problemOf('service_deleting'))]);
    expect([await count('operation'), await count('outbox')]).toEqual(before);
    expect(await rows(`select result, problem_code from audit where correlation_id = 'refused-1'`)).toEqual([
      { result: 'refused', problem_code: 'service_deleting' },
    ]);
  });

  test('with an unknown field, a bad value, or no If-Match is refused before the owner is asked', async () => {
    const reached = rig.owners.ipaas.reached.length;
    const wrong = await restart({}, { why: 'typo' });
    expect(wrong.json()).toMatchObject({ code: 'bad_request', errors: [{ path: 'why', code: 'unknown_field' }] });
    const upgrade = (headers: Headers) =>
      rig.app.inject({
        method: 'POST',
        url: `${cart}/rollback`,
        payload: { toRelease: 1 },
        headers: { ...owner.headers, ...headers },
      });
    expect((await upgrade({})).statusCode).toBe(428);
    expect((await upgrade({ 'if-match': 'seven' })).json()).toMatchObject({ errors: [{ path: 'header.if-match' }] });
    expect(rig.owners.ipaas.reached).toHaveLength(reached);
    expect((await upgrade({ 'if-match': '"7"' })).statusCode).toBe(202);
    expect(JSON.parse(rig.owners.ipaas.reached.at(-1)?.body ?? '')).toMatchObject({ ifVersion: 7 });
  });

  test('to an owner that is away is answered with its name', async () => {
    const alone = await GatewayRig.start({ BERTH_IPAAS_URLS: 'http://127.0.0.1:9' });
    const visitor = await alone.visitor([{ role: 'platform-admin', scope: 'platform' }]);
    const answer = await alone.app.inject({
      method: 'POST',
      url: `${cart}/restart`,
      payload: {},
      headers: visitor.headers,
    });
    await alone.close();
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      expect.objectContaining({ params: { service: 'ipaas' } }),
    ]);
  });

  test('of 60 at the same time through two copies makes 60 operations and one whole audit chain', async () => {
    const before = await count('operation');
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => restart({}, {}, index % 2 ? rig : second)),
    );
    expect(new Set(answers.map(operationIdOf)).size).toBe(60);
    expect(await count('operation')).toBe(before + 60);
    await eventually(async () => expect(await rows('select 1 from audit where sequence is null')).toEqual([]));
    const verification = await new AuditVerifier(rig.database, new ChainStore(), new SystemClock()).verify('spec');
    expect(verification.findings).toEqual([]);
    expect(verification.rows).toBeGreaterThanOrEqual(60);
  });
});

describe('an Idempotency-Key', () => {
  test('of a double click through two copies makes one operation', async () => {
    const before = [await count('operation'), await count('outbox')];
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      [...Array<Copy>(10)].map((_, index) => restart(key, {}, index % 2 ? rig : second)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array<number>(10).fill(202));
    expect(new Set(answers.map(operationIdOf)).size).toBe(1);
    expect([await count('operation'), await count('outbox')]).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 1]);
  });

  test('with another body is refused, of another user is another key, and after 24 hours is new', async () => {
    const key = { 'idempotency-key': 'deploy-1' };
    const first = operationIdOf(await restart(key));
    const other = await restart(key, { cause: 'something else' });
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency_key_reused']);
    const colleague = await rig.visitor([{ role: 'owner', scope: 'project:shop' }]);
    expect(operationIdOf(await restart({ ...key, ...colleague.headers }))).not.toBe(first);
    await rows(`update idempotency_key set created_at = now() - interval '24 hours'`);
    expect(operationIdOf(await restart(key))).not.toBe(first);
  });

  test('finds its operation even when the owner would refuse the second click', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = operationIdOf(await restart(key));
    rig.owners.ipaas.answering = (_request, response) => json(response, 409, problemOf('service_deleting'));
    expect(operationIdOf(await restart(key))).toBe(first);
  });
});
