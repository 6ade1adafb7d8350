import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problemOf, roleNames, roles } from '@berth/api';
import {
  cancellableKinds,
  clusterMgrOperationChanged,
  ipaasOperationChanged,
  type OperationChange,
  type OperationKind,
} from '@berth/contracts';
import { randomUUID } from 'node:crypto';
import { GatewayRig, type Visitor } from '../rig/gateway.rig.js';
import { wayToCancel } from './cancel.js';
import { OperationService } from './operations.service.js';

let rig: GatewayRig;
let owner: Visitor;
beforeAll(async () => {
  rig = await GatewayRig.start();
  owner = await rig.visitor([{ role: 'owner', scope: 'project:shop' }]);
}, 60_000);
afterAll(() => rig.close());

const rows = (sql: string, parameters: unknown[] = []) => rig.database.query<Record<string, unknown>>(sql, parameters);
const cancel = (id: string, payload: object = {}, visitor = owner) =>
  rig.app.inject({ method: 'POST', url: `/api/v1/operations/${id}/cancel`, payload, headers: visitor.headers });
const read = async (id: string) =>
  (await rig.app.inject({ url: `/api/v1/operations/${id}`, headers: owner.headers })).json();
const sent = async (id: string) =>
  (await rows(`select stream, key, data from outbox where data like '%' || $1 || '%' order by position`, [id])).map(
    ({ stream, key, data }) => ({ stream, key, data: JSON.parse(String(data)) as unknown }),
  );

let version = 0;
function tell(
  change: Partial<OperationChange> & Pick<OperationChange, 'operationId'>,
  source = 'ipaas',
): Promise<void> {
  const row = source === 'ipaas' ? ipaasOperationChanged : clusterMgrOperationChanged;
  const from = { source, at: new Date(), correlationId: 'spec', actor: undefined };
  const whole = { kind: 'service.upgrade', target: 'shop/test/cart', ...change };
  return rig.database.transaction((tx) =>
    rig.app.get(OperationService).changed(tx, row.schema.parse(whole), from, ++version),
  );
}
async function running(kind: OperationKind = 'service.upgrade', target = 'shop/test/cart'): Promise<string> {
  const operationId = randomUUID();
  await tell({ operationId, kind, target, state: 'running' }, wayToCancel(kind)?.route.owner);
  return operationId;
}

describe('a cancel', () => {
  test('of an upgrade is one command to ipaas, one audit row, and is shown with the operation', async () => {
    const id = await running();
    const answer = await cancel(id, { cause: '写错了' });
    expect([answer.statusCode, answer.json()]).toEqual([202, { operationId: id, target: 'shop/test/cart' }]);
    expect(await sent(id)).toEqual([
      {
        stream: 'ipaas.cmd.service.v1',
        key: 'shop/test/cart',
        data: { key: 'shop/test/cart', operationId: id, kind: 'service.upgrade', cause: '写错了' },
      },
    ]);
    expect(await rows('select action, result, cause from audit where operation_id = $1', [id])).toEqual([
      { action: 'cancelOperation', result: 'accepted', cause: '写错了' },
    ]);
    expect(await read(id)).toMatchObject({
      state: 'running',
      cancel: { actor: { id: owner.userId }, cause: '写错了', refused: null },
    });
  });

  test('of a scale goes to cluster-mgr', async () => {
    const id = await running('service.scale');
    expect((await cancel(id)).statusCode).toBe(202);
    expect(await sent(id)).toMatchObject([{ stream: 'cluster-mgr.cmd.placement.v1', key: 'shop/test/cart' }]);
  });

  test('10 times at once is one command', async () => {
    const id = await running();
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(id)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array<number>(10).fill(202));
    expect(await sent(id)).toHaveLength(1);
  });

  test('after the end is refused with 409 and its state, and sends nothing', async () => {
    const id = await running();
    await tell({ operationId: id, state: 'succeeded' });
    const answer = await cancel(id);
    expect([answer.statusCode, answer.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'operation_ended', params: { state: 'succeeded' } }),
    ]);
    expect([await sent(id), (await read(id)).cancel]).toEqual([[], null]);
  });

  test('of a delete is refused with 409: there is no way back', async () => {
    const answer = await cancel(await running('service.delete'));
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'not_cancellable']);
  });

  test('that its conductor refuses says why and may be asked for again', async () => {
    const id = await running('service.scale');
    await cancel(id);
    const refused = problemOf('no_capacity', { replicas: 6, cpuMillis: 1, memoryMiB: 1 });
    await tell({ operationId: id, kind: 'service.scale', cancelRefused: refused }, 'cluster-mgr');
    expect(await read(id)).toMatchObject({ state: 'running', cancel: { refused: { code: 'no_capacity' } } });
    await cancel(id);
    expect([(await sent(id)).length, (await read(id)).cancel.refused]).toEqual([2, null]);
  });

  test('that came too late is kept beside the true end', async () => {
    const id = await running();
    await cancel(id);
    await tell({ operationId: id, state: 'succeeded' });
    await tell({ operationId: id, cancelRefused: problemOf('operation_ended', { state: 'succeeded' }) });
    expect(await read(id)).toMatchObject({ state: 'succeeded', cancel: { refused: { code: 'operation_ended' } } });
  });

  test('ends the operation as cancelled, once: a later end changes nothing', async () => {
    const id = await running();
    await cancel(id);
    await tell({ operationId: id, state: 'cancelled', problem: problemOf('cancelled', { by: 'x', stays: '' }) });
    await tell({ operationId: id, state: 'succeeded' });
    expect(await read(id)).toMatchObject({ state: 'cancelled', problem: { code: 'cancelled' } });
  });

  test('in production needs a cause', async () => {
    const id = await running('service.upgrade', 'shop/prod/cart');
    expect((await cancel(id)).json().code).toBe('cause_required');
    expect((await cancel(id, { cause: '回到旧版' })).statusCode).toBe(202);
  });

  test('of somebody else’s project is 404', async () => {
    const outsider = await rig.visitor([{ role: 'owner', scope: 'project:other' }]);
    expect((await cancel(await running(), {}, outsider)).statusCode).toBe(404);
  });
});

describe('the right to cancel is the right to do', () => {
  test.each(roleNames)('%s: each of the 7 kinds in test and in production', async (role) => {
    const visitor = await rig.visitor([{ role, scope: 'project:shop' }]);
    for (const environment of ['test', 'prod'] as const)
      for (const kind of cancellableKinds) {
        const permission = wayToCancel(kind)?.route.permission as (typeof roles)[typeof role]['production'][number];
        const may = roles[role][environment === 'prod' ? 'production' : 'elsewhere'].includes(permission);
        const answer = await cancel(await running(kind, `shop/${environment}/cart`), { cause: 'spec' }, visitor);
        expect([kind, environment, answer.statusCode]).toEqual([kind, environment, may ? 202 : 403]);
      }
  });
});
