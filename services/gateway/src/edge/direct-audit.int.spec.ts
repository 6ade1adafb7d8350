import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problemOf } from '@berth/api';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { json } from '../rig/stub-owner.js';

let rig: GatewayRig;
let admin: Visitor;
const push = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
  rig = await GatewayRig.start();
  admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
}, 60_000);
afterAll(() => rig.close());

const ask = (method: 'POST' | 'PUT', path: string, payload: object, headers = admin.headers) =>
  rig.app.inject({ method, url: `/api/v1${path}`, headers, payload });
/** Result, object and cause of the newest rows of an action, oldest first. */
const rowsOf = async (action: string, limit = 2) =>
  (
    await rig.database.query<{ result: string; target: string; cause: string | null }>(
      'select result, target, cause from audit where action = $1 order by position desc limit $2',
      [action, limit],
    )
  )
    .map(({ result, target, cause }) => [result, target, cause])
    .reverse();

describe('a change at an owner', () => {
  test('has object and cause in both of its audit rows, and its body reaches the owner as it was', async () => {
    rig.owners.dolphinsync.answering = (_request, response) => json(response, 200, { decided: 1 });
    const body = { decision: 'retire', ids: [push], cause: '已下线' };
    expect((await ask('POST', '/cmdb/vanished/decisions', body)).statusCode).toBe(200);
    const target = `cmdb/vanished/retire/${push}`;
    expect(await rowsOf('decideCmdbVanished')).toEqual([
      ['accepted', target, '已下线'],
      ['done', target, '已下线'],
    ]);
    const reached = rig.owners.dolphinsync.reached.at(-1);
    expect(JSON.parse(reached?.body ?? '')).toEqual(body);
    expect(reached?.headers['content-type']).toContain('application/json');
  });

  test('has both when the owner refuses it, and when its caller may not make it', async () => {
    rig.owners.dolphinsync.answering = (_request, response) =>
      json(response, 409, problemOf('nothing_to_do', { reason: 'it is decided' }));
    const body = { decision: 'approve', cause: '年度清理' };
    await ask('POST', `/cmdb/pushes/${push}/approval`, body);
    const target = `cmdb/pushes/${push}/approve`;
    expect(await rowsOf('decideCmdbApproval')).toEqual([
      ['accepted', target, '年度清理'],
      ['refused', target, '年度清理'],
    ]);
    const auditor = await rig.visitor([{ role: 'auditor', scope: 'platform' }]);
    expect((await ask('POST', `/cmdb/pushes/${push}/approval`, body, auditor.headers)).statusCode).toBe(403);
    expect(await rowsOf('decideCmdbApproval', 1)).toEqual([['forbidden', target, '年度清理']]);
  });

  test('of a kubeconfig names the cluster and has 0 words of the kubeconfig in the log', async () => {
    rig.owners.ipaas.answering = (_request, response) => json(response, 200, { credential: null, checks: [] });
    await ask('POST', '/cluster-credentials', { name: 'third', kubeconfig: 'client-key-data: c2VjcmV0' });
    expect(await rowsOf('sealClusterCredential')).toEqual([
      ['accepted', 'third', null],
      ['done', 'third', null],
    ]);
    expect(JSON.stringify(await rig.database.query('select * from audit'))).not.toContain('c2VjcmV0');
  });
});

describe('a push of the CMDB', () => {
  const answered = (source: string, version: number) => {
    const body = { id: push, source, version };
    const length = { 'content-length': String(JSON.stringify(body).length) };
    rig.owners.dolphinsync.answering = (_request, response) => json(response, 200, body, length);
  };
  const pusher = async () => {
    const made = await ask('POST', '/tokens', { name: 'cmdb', permission: 'cmdb.push', expiresInDays: 1 });
    return { authorization: `Bearer ${made.json().token as string}` };
  };
  /** As a CMDB sends it: over a socket, in pieces. */
  const send = async (body: object) => {
    const bytes = Buffer.from(JSON.stringify(body));
    const response = await fetch(`${rig.url}/api/v1/cmdb/pushes`, {
      method: 'POST',
      headers: { ...(await pusher()), 'content-type': 'application/json' },
      body: new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 1_000) controller.enqueue(bytes.subarray(at, at + 1_000));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    return response.status;
  };
  const services = Array.from({ length: 200 }, (_, index) => ({ cmdbId: `S${index}`, source: 'not this' }));

  test('names source and version, and 200 rows reach the owner as they were', async () => {
    answered('cmdb', 42);
    const body = { source: 'cmdb', version: 42, services };
    expect(await send(body)).toBe(200);
    expect(await rowsOf('pushCmdb')).toEqual([
      ['accepted', 'cmdb/cmdb/42', null],
      ['done', 'cmdb/cmdb/42', null],
    ]);
    expect(JSON.parse(rig.owners.dolphinsync.reached.at(-1)?.body ?? '')).toEqual(body);
  });

  test('whose source comes behind its rows is named by the answer', async () => {
    answered('late', 7);
    expect(await send({ services, source: 'late', version: 7 })).toBe(200);
    expect(await rowsOf('pushCmdb')).toEqual([
      ['accepted', 'cmdb/pushes', null],
      ['done', 'cmdb/late/7', null],
    ]);
  });
});
