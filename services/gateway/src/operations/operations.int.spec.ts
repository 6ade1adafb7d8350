import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { problemOf } from '@berth/api';
import { clusterMgrOperationChanged, ipaasOperationChanged, type OperationChange } from '@berth/contracts';
import { eventually } from '@berth/testing';
import { randomUUID } from 'node:crypto';
import { OperationService } from './operations.service.js';
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
const restart = (headers: Headers = {}) =>
  rig.app.inject({ method: 'POST', url: `${cart}/restart`, payload: {}, headers: { ...owner.headers, ...headers } });
const scale = (headers: Headers = {}) =>
  rig.app.inject({
    method: 'PUT',
    url: `${cart}/replicas`,
    payload: { replicas: 3 },
    headers: { ...owner.headers, ...headers },
  });
const rows = (sql: string, parameters: unknown[] = []) => rig.database.query<Record<string, unknown>>(sql, parameters);
const operationIdOf = (answer: { json(): unknown }) => (answer.json() as { operationId: string }).operationId;

let version = 0;
function tell(change: OperationChange, source = 'ipaas', correlationId = 'spec'): Promise<void> {
  const row = source === 'ipaas' ? ipaasOperationChanged : clusterMgrOperationChanged;
  const from = { source, at: new Date(), correlationId, actor: undefined };
  return rig.database.transaction((tx) =>
    rig.app.get(OperationService).changed(tx, row.schema.parse(change), from, ++version),
  );
}

describe('Prefer: wait', () => {
  test('answers 200 with the operation as soon as it succeeded, heard by another copy', async () => {
    const waiting = restart({ prefer: 'wait=20', 'x-correlation-id': 'wait-1' });
    const [row] = await eventually(async () => {
      const found = await rows(`select id from operation where correlation_id = 'wait-1'`);
      expect(found).toHaveLength(1);
      return found;
    });
    const startedMs = performance.now();
    await tell({ operationId: String(row?.id), kind: 'service.restart', target: 'shop/test/cart', state: 'succeeded' });
    const answer = await waiting;
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      expect.objectContaining({ id: row?.id, state: 'succeeded' }),
    ]);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  test('answers with the operation’s problem and its status when it was refused', async () => {
    const waiting = restart({ prefer: 'respond-async, wait=20', 'x-correlation-id': 'wait-2' });
    const id = await eventually(async () => {
      const [row] = await rows(`select id from operation where correlation_id = 'wait-2'`);
      expect(row).toBeDefined();
      return String(row?.id);
    });
    const problem = problemOf('stale_version', { seen: 1, current: 2 });
    await tell({ operationId: id, kind: 'service.restart', target: 'shop/test/cart', state: 'refused', problem });
    const answer = await waiting;
    expect([answer.statusCode, answer.json().code, answer.headers.location]).toEqual([
      412,
      'stale_version',
      `/api/v1/operations/${id}`,
    ]);
  });

  test('answers 202 when 1 second was not enough', async () => {
    expect((await restart({ prefer: 'wait=1' })).statusCode).toBe(202);
  });
});

describe('an operation', () => {
  test('gets steps from both services, ends once, and a later end changes nothing', async () => {
    const id = operationIdOf(await scale());
    const change = { operationId: id, kind: 'service.scale' as const, target: 'shop/test/cart' };
    const step = { name: 'ready' as const, cluster: 'beijing', startedAt: new Date().toISOString() };
    await tell({ ...change, state: 'running' }, 'cluster-mgr');
    await tell({ ...change, steps: [{ ...step, state: 'running' }] }, 'ipaas');
    await tell({ ...change, state: 'failed' }, 'ipaas');
    await tell({ ...change, state: 'succeeded', result: { replicas: 3 } }, 'cluster-mgr');
    await tell({ ...change, state: 'failed', problem: problemOf('internal', { correlationId: 'x' }) }, 'cluster-mgr');
    await tell({ ...change, steps: [{ ...step, state: 'done' }] }, 'ipaas');
    const answer = await rig.app.inject({ url: `/api/v1/operations/${id}`, headers: owner.headers });
    expect(answer.json()).toMatchObject({
      state: 'succeeded',
      result: { replicas: 3 },
      problem: null,
      steps: [{ name: 'ready', cluster: 'beijing', state: 'done' }],
    });
  });

  test('that nobody asked for here is inserted at first sight, and cluster operations are for the platform only', async () => {
    const id = randomUUID();
    await tell({ operationId: id, kind: 'cluster.register', target: 'beijing', state: 'running' }, 'cluster-mgr');
    const get = (visitor: Visitor) => rig.app.inject({ url: `/api/v1/operations/${id}`, headers: visitor.headers });
    expect((await get(owner)).statusCode).toBe(404);
    const operator = await rig.visitor([{ role: 'operator', scope: 'platform' }]);
    expect((await get(operator)).json()).toMatchObject({ state: 'running', actor: { channel: 'system' } });
  });

  test('that nobody ended is failed 60 seconds after its deadline, once', async () => {
    const id = operationIdOf(await restart());
    await rows(`update operation set deadline_at = now() - interval '59 seconds' where id = $1`, [id]);
    const service = rig.app.get(OperationService);
    await service.sweep();
    expect(await rows('select state from operation where id = $1', [id])).toEqual([{ state: 'accepted' }]);
    await rows(`update operation set deadline_at = now() - interval '61 seconds' where id = $1`, [id]);
    const swept = await Promise.all([service.sweep(), second.app.get(OperationService).sweep()]);
    expect(swept[0] + swept[1]).toBe(1);
    expect(await rows(`select state, problem->>'code' as code from operation where id = $1`, [id])).toEqual([
      { state: 'failed', code: 'operation_deadline' },
    ]);
  });

  test('list pages of 20 show each of the scope’s operations once, newest first, and none of another project', async () => {
    const outsider = await rig.visitor([{ role: 'viewer', scope: 'project:other' }]);
    const list = async (visitor: Visitor, query: string) =>
      (await rig.app.inject({ url: `/api/v1/operations?${query}`, headers: visitor.headers })).json() as {
        items: { id: string; target: string; acceptedAt: string; medianMs: number | null }[];
        continue: string | null;
      };
    expect((await list(outsider, 'limit=20')).items).toEqual([]);
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page = await list(owner, `limit=20&target=shop/test/cart${next && `&continue=${next}`}`);
      seen.push(...page.items.map(({ id, acceptedAt }) => `${acceptedAt} ${id}`));
      next = page.continue;
    }
    const [all] = await rows(`select count(*) as n from operation where target = 'shop/test/cart'`);
    expect(seen).toHaveLength(Number(all?.n));
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  test('is found by a part of its target or of who asked, and by the day it ended though it was accepted the day before', async () => {
    const add = (target: string, name: string, ended: string | null) =>
      rows(
        `insert into operation (id, kind, target, project, environment, state, actor, accepted_at, ended_at, deadline_at,
                                correlation_id)
         values (gen_random_uuid(), 'service.scale', $1, 'shop', 'test', 'succeeded', jsonb_build_object('id', 'f', 'name',
                 $2::text, 'channel', 'portal'), '2020-01-01T23:50:00Z', $3, now(), 'find')`,
        [target, name, ended],
      );
    await add('shop/test/found-100%', '林晓', '2020-01-02T00:10:00Z');
    await add('shop/test/found-1000', '何静', '2020-01-01T23:55:00Z');
    const find = async (query: string) => {
      const url = `/api/v1/operations?project=shop&environment=test&actor=f&${query}`;
      const page = await rig.app.inject({ method: 'GET', url, headers: owner.headers });
      return page
        .json<{ items: { target: string }[] }>()
        .items.map(({ target }) => target.slice(10))
        .sort();
    };
    expect(await find('search=FOUND')).toEqual(['found-100%', 'found-1000']);
    expect(await find(`search=${encodeURIComponent('100%')}`)).toEqual(['found-100%']);
    expect(await find(`search=${encodeURIComponent('何')}`)).toEqual(['found-1000']);
    expect(await find('endedSince=2020-01-02T00:00:00Z')).toEqual(['found-100%']);
  });

  test('has as neighbours the 3 right before, the 3 right after, and the one that took its place', async () => {
    const ids: string[] = [];
    const target = 'shop/test/neighbours';
    const at = Date.parse('2026-01-01T00:00:00Z');
    for (let minute = 0; minute < 12; minute += 1) {
      const id = randomUUID();
      ids.push(id);
      await tell({ operationId: id, kind: 'service.restart', target, state: 'running' });
      await rows('update operation set accepted_at = $2 where id = $1', [id, new Date(at + minute * 60_000)]);
    }
    const [own = '', by = ''] = [ids[4], ids[11]];
    const problem = problemOf('superseded', { kind: 'service.upgrade', operationId: by });
    await tell({ operationId: own, kind: 'service.restart', target, state: 'superseded', problem });
    const answer = await rig.app.inject({ url: `/api/v1/operations/${own}/neighbours`, headers: owner.headers });
    const { items } = answer.json() as { items: { id: string }[] };
    expect(items.map(({ id }) => ids.indexOf(id))).toEqual([11, 7, 6, 5, 3, 2, 1]);
    const outsider = await rig.visitor([{ role: 'viewer', scope: 'project:other' }]);
    const hidden = await rig.app.inject({ url: `/api/v1/operations/${own}/neighbours`, headers: outsider.headers });
    expect(hidden.statusCode).toBe(404);
  });

  test('knows the median of the last successes of its kind once there are 3', async () => {
    for (const ms of [1_000, 2_000, 9_000]) {
      const id = operationIdOf(await scale());
      await rows(
        `update operation set state = 'succeeded', ended_at = accepted_at + $2 * interval '1 millisecond', kind = 'service.stop' where id = $1`,
        [id, ms],
      );
    }
    const answer = await rig.app.inject({ url: '/api/v1/operations?limit=1', headers: owner.headers });
    expect(answer.json().items[0]).toMatchObject({ kind: 'service.stop', medianMs: 2_000 });
  });
});
