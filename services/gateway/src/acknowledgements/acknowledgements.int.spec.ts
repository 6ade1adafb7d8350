import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Acknowledgement, PlatformHealth, UserPreferences } from '@berth/api';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';

let rig: GatewayRig;
let developer: Visitor;
const cart = '/api/v1/projects/shop/environments/prod/services/cart';

beforeAll(async () => {
  rig = await GatewayRig.start();
  developer = await rig.visitor([{ role: 'developer', scope: 'project:shop' }]);
}, 60_000);
afterAll(() => rig.close());

type Method = 'GET' | 'PUT' | 'DELETE';
const ask = (visitor: Visitor, method: Method, url: string, payload?: object) =>
  rig.app.inject({ method, url, headers: visitor.headers, ...(payload && { payload }) });
const listed = async (visitor: Visitor) =>
  (await ask(visitor, 'GET', '/api/v1/acknowledgements')).json<{ items: Acknowledgement[] }>().items;
const audited = (action: string) =>
  rig.database.query<{ target: string; cause: string | null; result: string }>(
    'select target, cause, result from audit where action = $1 order by position',
    [action],
  );

describe('an acknowledgement', () => {
  test('holds for its hours, is seen by everybody who may see the service and nobody else, and is audited', async () => {
    const said = await ask(developer, 'PUT', `${cart}/acknowledgement`, { hours: 4, note: '在查' });
    expect(said.statusCode).toBe(200);
    const row = said.json<Acknowledgement>();
    expect(Date.parse(row.until) - Date.parse(row.at)).toBe(4 * 3_600_000);
    expect(row).toMatchObject({ target: 'shop/prod/cart', by: { id: developer.userId }, note: '在查' });

    const viewer = await rig.visitor([{ role: 'viewer', scope: 'environment:shop/prod' }]);
    const stranger = await rig.visitor([{ role: 'owner', scope: 'project:pay' }]);
    expect(await listed(viewer)).toEqual([row]);
    expect(await listed(stranger)).toEqual([]);
    expect(await audited('acknowledgeService')).toEqual([{ target: 'shop/prod/cart', cause: '在查', result: 'done' }]);
  });

  test('of a viewer is forbidden; a second one takes the place of the first; withdrawn, it is gone', async () => {
    const viewer = await rig.visitor([{ role: 'viewer', scope: 'project:shop' }]);
    expect((await ask(viewer, 'PUT', `${cart}/acknowledgement`, { hours: 1 })).statusCode).toBe(403);
    const operator = await rig.visitor([{ role: 'operator', scope: 'platform' }]);
    await ask(operator, 'PUT', `${cart}/acknowledgement`, { hours: 1 });
    expect((await listed(developer)).map(({ by }) => by.id)).toEqual([operator.userId]);
    expect((await ask(developer, 'DELETE', `${cart}/acknowledgement`)).statusCode).toBe(204);
    expect(await listed(developer)).toEqual([]);
  });

  test('that is over is not listed', async () => {
    await ask(developer, 'PUT', `${cart}/acknowledgement`, { hours: 1 });
    await rig.database.query(`update acknowledgement set until = now() - interval '1 second'`);
    expect(await listed(developer)).toEqual([]);
  });
});

describe('preferences', () => {
  test('are empty at first, and come back as they were saved, for their user only', async () => {
    const mine = '/api/v1/session/preferences';
    expect((await ask(developer, 'GET', mine)).json<UserPreferences>()).toEqual({
      ...{ views: [], checklistClosed: false, checklistDone: [], serviceColumns: null },
    });
    const wanted = {
      ...{ views: [{ name: '生产异常', query: 'state=down' }], checklistClosed: true },
      ...{ checklistDone: ['deploy', 'fix'], serviceColumns: ['owner'] },
    };
    expect((await ask(developer, 'PUT', mine, wanted)).statusCode).toBe(200);
    expect((await ask(developer, 'GET', mine)).json<UserPreferences>()).toEqual(wanted);
    const other = await rig.visitor([]);
    expect((await ask(other, 'GET', mine)).json<UserPreferences>().views).toEqual([]);
    expect((await ask(developer, 'PUT', mine, { views: [], more: 1 })).statusCode).toBe(400);
  });
});

describe('the health of the platform', () => {
  test('with a command that waits for 28 s: a delay of 28 s; with an empty outbox: 0', async () => {
    const health = async () => (await ask(developer, 'GET', '/api/v1/platform-health')).json<PlatformHealth>().bus;
    expect(await health()).toEqual({ delayMs: 0, waiting: 0 });
    await rig.database.query(
      `insert into outbox (shard, stream, key, envelope, data, created_at)
       values (0, 's', 'k', '{}', '{}', clock_timestamp() - interval '28 seconds')`,
    );
    const { delayMs, waiting } = await health();
    expect([waiting, Math.floor(delayMs / 1000)]).toEqual([1, 28]);
    await rig.database.query('delete from outbox');
  });

  test('with 2 commands of which ipaas said nothing for 40 s, and one that waits for another: ipaas, 2, 40 s', async () => {
    const add = (kind: string, steps: string) =>
      rig.database.query(
        `insert into operation (id, kind, target, state, actor, accepted_at, deadline_at, steps, correlation_id)
         values (gen_random_uuid(), $1, 'shop/prod/cart', 'accepted', '{}', clock_timestamp() - interval '40 seconds',
                 clock_timestamp() + interval '5 minutes', $2::jsonb, 'c')`,
        [kind, steps],
      );
    await add('service.deploy', '[]');
    await add('service.upgrade', '[]');
    await add('service.restart', '[{"name": "check", "state": "waiting"}]');
    const { unanswered } = (await ask(developer, 'GET', '/api/v1/platform-health')).json<PlatformHealth>();
    expect(unanswered.map(({ owner, waiting, delayMs }) => [owner, waiting, Math.floor(delayMs / 1000)])).toEqual([
      ['ipaas', 2, 40],
    ]);
  });
});
