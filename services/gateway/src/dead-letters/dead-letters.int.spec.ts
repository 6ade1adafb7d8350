import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { problemOf, type DeadLetter, type DeadLettersPage } from '@berth/api';
import { randomUUID } from 'node:crypto';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { json, type Reached } from '../rig/stub-owner.js';

let rig: GatewayRig;
let operator: Visitor;
const path = '/api/v1/dead-letters';

function aLetter(owner: DeadLetter['owner'], id: number, second: number): DeadLetter {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    owner,
    id,
    stream: `${owner}.cmd.service.v1`,
    partition: 0,
    offset: id,
    key: 'shop/prod/cart',
    type: 'ipaas.service.deploy.v1',
    reason: 'no such thing',
    attempts: 5,
    firstSeenAt: at,
    lastSeenAt: at,
    operationId: null,
    correlationId: 'c',
    resolution: null,
    resolvedAt: null,
    resolvedBy: null,
    resolutionCause: null,
    replayOperationId: null,
  };
}

/** Answers a page as a service does, by the cursor of the query. */
function listing(letters: DeadLetter[]) {
  const sorted = [...letters].sort((a, b) =>
    a.lastSeenAt === b.lastSeenAt ? b.id - a.id : a.lastSeenAt < b.lastSeenAt ? 1 : -1,
  );
  return ({ url }: Reached, response: Parameters<typeof json>[0]) => {
    const query = new URL(url, 'http://x').searchParams;
    const [at, id] = [query.get('beforeAt'), Number(query.get('beforeId'))];
    const items = sorted
      .filter((row) => at === null || row.lastSeenAt < at || (row.lastSeenAt === at && row.id < id))
      .slice(0, Number(query.get('limit')));
    json(response, 200, { items, open: letters.length });
  };
}

beforeAll(async () => {
  rig = await GatewayRig.start();
  operator = await rig.visitor([{ role: 'operator', scope: 'platform' }]);
}, 60_000);
afterAll(() => rig.close());
beforeEach(() => {
  for (const owner of Object.values(rig.owners)) {
    owner.answering = listing([]);
    owner.reached.length = 0;
  }
});

const get = async (query = '', visitor = operator) =>
  rig.app.inject({ url: `${path}${query}`, headers: visitor.headers });
const page = async (query = '') => (await get(query)).json() as DeadLettersPage;
const post = (url: string, payload: object = { cause: 'mended' }) =>
  rig.app.inject({ method: 'POST', url: `${path}/${url}`, payload, headers: operator.headers });
const auditOf = (action: string) =>
  rig.database.query<{ target: string; result: string; cause: string | null }>(
    'select target, result, cause from audit where action = $1 order by position desc limit 2',
    [action],
  );

describe('dead letters', () => {
  test('of 4 services are one list, newest first, in pages without gap or repetition, also at one and the same time', async () => {
    rig.owners.ipaas.answering = listing([5, 5, 9, 1, 5].map((second, index) => aLetter('ipaas', index + 1, second)));
    rig.owners['cluster-mgr'].answering = listing(
      [5, 5, 7].map((second, index) => aLetter('cluster-mgr', index + 1, second)),
    );
    rig.owners.dolphinsync.answering = listing([5].map((second) => aLetter('dolphinsync', 1, second)));
    await rig.database.query(
      `insert into dead_letter (stream, partition, "offset", key, headers, value, type, reason, attempts, at)
       values ('ipaas.state.service.v1', 0, 7, 'shop/prod/cart', '{}', '{', null, 'the value is not JSON', 1, '2026-01-01T00:00:05Z')`,
    );
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { items, continue: cursor } = await page(`?limit=3${next && `&continue=${next}`}`);
      expect(items.length).toBeLessThanOrEqual(3);
      seen.push(...items.map((row) => `${row.lastSeenAt.slice(17, 19)} ${row.owner} ${row.id}`));
      next = cursor;
    }
    const [own] = await rig.database.query<{ id: number }>('select id from dead_letter');
    expect(seen).toEqual([
      '09 ipaas 3',
      '07 cluster-mgr 3',
      '05 cluster-mgr 2',
      '05 cluster-mgr 1',
      '05 dolphinsync 1',
      `05 gateway ${own?.id}`,
      '05 ipaas 5',
      '05 ipaas 2',
      '05 ipaas 1',
      '01 ipaas 4',
    ]);
    await rig.database.query('delete from dead_letter');
  });

  test('are listed without a service that is away or too old, and the page says which', async () => {
    rig.owners.ipaas.answering = listing([aLetter('ipaas', 1, 1)]);
    rig.owners['cluster-mgr'].answering = (_request, response) => response.destroy();
    rig.owners.dolphinsync.answering = (_request, response) =>
      json(response, 404, problemOf('not_found', { what: 'such address' }));
    const { items, sources } = await page();
    expect(items.map(({ owner }) => owner)).toEqual(['ipaas']);
    expect(Object.fromEntries(sources.map(({ owner, state, open }) => [owner, `${state} ${open}`]))).toEqual({
      gateway: 'answered 0',
      ipaas: 'answered 1',
      'cluster-mgr': 'away null',
      dolphinsync: 'away null',
    });
  });

  test('are asked for with the filter, and for one service only that one is asked', async () => {
    await page('?owner=ipaas&state=resolved&text=cart');
    expect(rig.owners['cluster-mgr'].reached).toHaveLength(0);
    const [reached] = rig.owners.ipaas.reached;
    expect(reached?.url).toBe('/internal/dead-letters?state=resolved&text=cart&limit=51');
    expect(reached?.identity).toMatchObject({ permissions: ['deadLetter.manage'], audience: 'ipaas' });
  });

  test('are replayed and discarded with a cause, audited before and after', async () => {
    const operationId = randomUUID();
    rig.owners.ipaas.answering = (_request, response) => json(response, 200, { operationId });
    const answer = await post('ipaas/7/replay');
    expect([answer.statusCode, answer.json()]).toEqual([200, { operationId }]);
    expect(JSON.parse(rig.owners.ipaas.reached[0]?.body ?? '')).toEqual({ cause: 'mended' });
    expect(await auditOf('replayDeadLetter')).toEqual([
      { target: 'ipaas/7', result: 'done', cause: 'mended' },
      { target: 'ipaas/7', result: 'accepted', cause: 'mended' },
    ]);
    expect((await post('ipaas/7/discard', {})).json().code).toBe('bad_request');
    rig.owners.ipaas.answering = (_request, response) =>
      json(response, 409, problemOf('nothing_to_do', { reason: 'The dead letter was replayed or discarded already.' }));
    expect((await post('ipaas/7/discard')).json().code).toBe('nothing_to_do');
    expect((await auditOf('discardDeadLetter'))[0]).toMatchObject({ target: 'ipaas/7', result: 'refused' });
  });

  test('of the gateway itself are shown with their payload and discarded', async () => {
    const [row] = await rig.database.query<{ id: number }>(
      `insert into dead_letter (stream, partition, "offset", key, headers, value, type, reason, attempts)
       values ('ipaas.state.service.v1', 0, 8, 'k', '{"ce_id":"1"}', '{"password":"hunter2"}', null, 'odd', 1) returning id`,
    );
    const url = `gateway/${row?.id}`;
    expect((await get(`/${url}`)).json()).toMatchObject({
      owner: 'gateway',
      payload: '{\n  "password": "•••"\n}',
      headers: { ce_id: '1' },
      forecast: { effect: 'unreadable' },
    });
    expect((await post(`${url}/discard`)).json()).toEqual({ operationId: null });
    expect((await page()).items).toEqual([]);
    expect((await page('?state=resolved')).items).toMatchObject([
      { resolution: 'discarded', resolutionCause: 'mended' },
    ]);
    expect((await get('/gateway/99999')).statusCode).toBe(404);
  });
});
