import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditChain, AuditRow, AuditVerification } from '@berth/api';
import { eventually } from '@berth/testing';
import { GatewayRig, type Copy, type Visitor } from '../rig/gateway.rig.js';
import { AuditStore } from './audit.store.pg.js';
import type { AuditEntry } from './audit.js';

let rig: GatewayRig;
let second: Copy;
let auditor: Visitor;

const anEntry = (given: Partial<AuditEntry>): AuditEntry => ({
  actor: { id: 'u-lin', name: 'lin', channel: 'portal' },
  address: '10.0.0.1',
  action: 'restartService',
  target: 'shop/prod/cart',
  cause: null,
  result: 'accepted',
  problemCode: null,
  operationId: null,
  correlationId: 'c',
  ...given,
});
const write = (entries: AuditEntry[], at = new Date()) =>
  rig.database.transaction((tx) => new AuditStore().append(tx, entries, at));
const get = (url: string, visitor = auditor) => rig.app.inject({ url: `/api/v1${url}`, headers: visitor.headers });
const list = async (query: string, path = '/audit') =>
  ((await get(`${path}?${query}`)).json() as { items: AuditRow[] }).items;
const targets = async (query: string) => (await list(query)).map(({ target }) => target);
const verify = async () => {
  const answer = await rig.app.inject({
    method: 'POST',
    url: '/api/v1/audit/verifications',
    headers: auditor.headers,
  });
  return answer.json() as AuditVerification;
};
const allChained = () =>
  eventually(async () =>
    expect((await rig.database.query('select 1 from audit where sequence is null')).length).toBe(0),
  );

beforeAll(async () => {
  rig = await GatewayRig.start();
  second = await rig.another();
  auditor = await rig.visitor([{ role: 'auditor', scope: 'platform' }]);
}, 60_000);
afterAll(() => rig.close());

describe('the audit log', () => {
  test('finds rows by actor, verb, object, result, cause and time', async () => {
    const long = new Date('2020-05-05T12:00:00.000Z');
    await write(
      [anEntry({ target: 'shop/prod/cart', cause: '大促扩容' }), anEntry({ target: 'shop/prod/cart-2' })],
      long,
    );
    await write([anEntry({ action: 'deleteService', target: 'shop', result: 'forbidden' })], long);
    await write([anEntry({ actor: { id: 'u-he', name: 'he', channel: 'api' }, target: 'shop/prod/cart/KEY' })]);
    const within = 'from=2020-05-05T12:00:00.000Z&to=2020-05-05T12:00:00.001Z';
    expect(await targets(within)).toHaveLength(3);
    expect(await targets('to=2020-05-05T12:00:00.000Z')).toHaveLength(0);
    expect(await targets('actor=he')).toEqual(['shop/prod/cart/KEY']);
    expect(await targets(`target=shop/prod/cart`)).toEqual(['shop/prod/cart/KEY', 'shop/prod/cart']);
    expect(await targets(`action=deleteService`)).toEqual(['shop']);
    expect(await targets(`result=forbidden&${within}`)).toEqual(['shop']);
    expect(await targets(`cause=${encodeURIComponent('扩容')}`)).toEqual(['shop/prod/cart']);
    expect(await targets('target=%25')).toEqual([]);
  });

  test('shows the person beside the user name', async () => {
    const visitor = await rig.visitor([]);
    await rig.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: visitor.headers });
    const [row] = await list('action=logout');
    expect(row?.actor).toMatchObject({ id: visitor.userId, name: 'Somebody', username: expect.stringMatching(/^u-/) });
  });

  test('of a project shows its owner what was done there and nothing else, and part of it to who reaches one environment', async () => {
    await write([
      anEntry({ target: 'pay/test/api' }),
      anEntry({ target: 'pay/prod/api' }),
      anEntry({ action: 'setMember', target: 'pay/members/lin' }),
      anEntry({ target: 'payroll/test/api' }),
      // A user who is called like the project.
      anEntry({ action: 'createUser', target: 'pay' }),
    ]);
    const seen = async (visitor: Visitor) =>
      ((await get('/projects/pay/audit', visitor)).json() as { items: AuditRow[] }).items.map(({ target }) => target);
    const owner = await rig.visitor([{ role: 'owner', scope: 'project:pay' }]);
    expect(await seen(owner)).toEqual(['pay/members/lin', 'pay/prod/api', 'pay/test/api']);
    expect(await seen(await rig.visitor([{ role: 'owner', scope: 'environment:pay/test' }]))).toEqual(['pay/test/api']);
    expect((await get('/projects/shop/audit', owner)).statusCode).toBe(403);
    expect((await get('/audit', owner)).statusCode).toBe(403);
  });

  test('comes as CSV and as lines of JSON with the filter, is an audit row itself, and no cell is a formula', async () => {
    await write(
      Array.from({ length: 1_500 }, (_, index) => anEntry({ target: `bulk/prod/s${index}`, cause: '=1+1,"x"' })),
    );
    const csv = await get('/audit/export?format=csv&target=bulk/prod');
    expect([csv.statusCode, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    const lines = csv.body.trim().split('\r\n');
    expect(lines).toHaveLength(1_501);
    expect(lines[1]).toContain(`bulk/prod/s1499,"'=1+1,""x""",accepted`);
    const ndjson = (await get('/audit/export?format=ndjson&target=bulk/prod')).body.trim().split('\n');
    expect(ndjson).toHaveLength(1_500);
    expect(JSON.parse(ndjson[0] ?? '')).toMatchObject({ target: 'bulk/prod/s1499' });
    expect((await list('action=exportAudit'))[1]).toMatchObject({
      target: 'audit format=csv target=bulk/prod',
      result: 'done',
    });
    const nobody = await rig.visitor([{ role: 'developer', scope: 'project:bulk' }]);
    expect((await get('/audit/export?format=csv', nobody)).statusCode).toBe(403);
    expect(await list('action=exportAudit&result=forbidden')).toHaveLength(1);
  });
});

describe('the chain', () => {
  test('takes in 2,000 rows of 40 writers in two copies, in one order without a gap', async () => {
    const writers = Array.from({ length: 40 }, (_, writer) =>
      write(Array.from({ length: 50 }, (_, index) => anEntry({ target: `many/prod/${writer}-${index}` }))),
    );
    await Promise.all(writers);
    await allChained();
    const verification = await verify();
    const [counted] = await rig.database.query<{ count: number }>(
      'select count(*) from audit where sequence is not null',
    );
    expect(verification).toMatchObject({ findings: [], rows: verification.headSequence });
    expect(counted?.count).toBeGreaterThanOrEqual(verification.rows);
    expect((await get('/audit/chain')).json() as AuditChain).toMatchObject({ verification: { findings: [] } });
  });

  test('does not keep a writer waiting: while it is locked, rows are written and answered', async () => {
    const before = (await list('limit=1'))[0]?.position ?? 0;
    await rig.database.transaction(async (tx) => {
      await tx.query('select 1 from audit_head for update');
      const startedMs = performance.now();
      await write([anEntry({ target: 'quick/prod/a' })]);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      expect(await list('target=quick/prod/a')).toMatchObject([{ sequence: null }]);
    });
    await allChained();
    expect((await list('target=quick/prod/a'))[0]?.position).toBeGreaterThan(before);
  });

  test('rows cannot be changed or removed, not even by the gateway’s own account', async () => {
    for (const statement of [
      `update audit set actor_name = 'x'`,
      'update audit set sequence = sequence + 1000000 where sequence = 1',
      'delete from audit where sequence = 1',
      'truncate audit',
    ])
      await expect(rig.database.query(statement)).rejects.toThrow('only added to');
  });

  test('says which row was altered, removed or inserted by somebody who went around it', async () => {
    await allChained();
    const behindTheBack = async (...statements: string[]) => {
      await rig.database.query('alter table audit disable trigger user');
      for (const statement of statements) await rig.database.query(statement);
      await rig.database.query('alter table audit enable trigger user');
    };
    await behindTheBack(`update audit set target = 'shop/prod/other' where sequence = 5`);
    expect((await verify()).findings).toEqual([{ kind: 'altered', sequence: 5, lastSequence: 5 }]);
    await behindTheBack('delete from audit where sequence between 7 and 8');
    expect((await verify()).findings.slice(1)).toEqual([{ kind: 'removed', sequence: 7, lastSequence: 8 }]);
    const copy = `insert into audit (at, actor_id, actor_name, actor_channel, action, target, result, correlation_id, sequence, prev_hash, hash)
      select at, actor_id, actor_name, actor_channel, action, target, result, correlation_id, sequence + 1000000, prev_hash, hash
        from audit where sequence = 1`;
    await behindTheBack(copy);
    expect((await verify()).findings.slice(2)).toEqual([
      { kind: 'inserted', sequence: 1_000_001, lastSequence: 1_000_001 },
    ]);
    expect((await get('/audit/chain')).json()).toMatchObject({ verification: { findings: [{}, {}, {}] } });
    await second.close();
  });
});
