import { removeSource, restoreSource } from '@berth/contracts';
import { aMessage } from '@berth/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { aCmdb, snapshot, type Cmdb } from '../cmdb/cmdb.harness.js';

let it: Cmdb;
const uids: string[] = [];
beforeAll(async () => {
  it = await aCmdb();
  await it.push({ ...snapshot(1), source: 'sample', sample: true });
  await it.push({
    ...snapshot(1),
    businessLines: [{ cmdbId: 'l9', code: 'own', name: '自有' }],
    projects: [{ cmdbId: 'p9', code: 'own', name: '自有', businessLine: 'l9' }],
    services: [],
  });
  uids.push(await it.runs('shop/prod/cart'), await it.runs('shop/test/cart', 0));
  await it.runs('own/prod/thing');
  await it.said();
}, 60_000);
afterAll(() => it.close());

const command = { actor: { id: 'u-1', name: 'chen', channel: 'portal' as const } };
const remove = (source: string, operationId = randomUUID()) =>
  it.database.transaction((tx) =>
    it.sources.remove(tx, aMessage(removeSource, { source, cause: '看完了' }, { ...command, operationId })),
  );
const restore = (source: string) =>
  it.database.transaction((tx) =>
    it.sources.restore(tx, aMessage(restoreSource, { source }, { ...command, operationId: randomUUID() })),
  );

test('a source that is no sample cannot be removed, and an unknown one neither', async () => {
  await expect(it.sources.checkNow('cmdb', 'remove')).rejects.toMatchObject({ problem: { code: 'not_a_sample' } });
  await expect(it.sources.checkNow('nobody', 'remove')).rejects.toMatchObject({ status: 404 });
  await remove('cmdb');
  expect(await it.said()).toMatchObject([[expect.any(String), { state: 'refused', kind: 'cmdb.remove' }]]);
});

test('what goes with it is listed, production first, also what somebody deployed on their own; without a cause it is refused', async () => {
  const rows = await it.sources.services('sample');
  expect(
    rows.map(({ project, code, environment, production, named }) => [project, code, environment, production, named]),
  ).toEqual([
    ['shop', 'cart', 'prod', true, true],
    ['shop', 'cart', 'test', false, true],
  ]);
  await expect(it.sources.checkNow('sample', 'remove')).rejects.toMatchObject({ problem: { code: 'cause_required' } });
  await expect(it.sources.checkNow('sample', 'remove', '看完了')).resolves.toBeUndefined();
  await expect(it.sources.services('nobody')).rejects.toMatchObject({ status: 404 });
});

test('removing the sample retires its catalogue and asks for the deletion of its 2 services, each its own operation', async () => {
  await remove('sample');
  const said = await it.said();
  expect(said.filter(([, { retired }]) => retired === true).map(([key]) => key)).toEqual(['shop', 'shop/cart']);
  const deletes = said.filter(([, data]) => 'uid' in data);
  expect(deletes.map(([key, { uid, cause }]) => [key, uid, cause])).toEqual([
    ['shop/prod/cart', uids[0], '看完了'],
    ['shop/test/cart', uids[1], '看完了'],
  ]);
  expect(said.at(-1)?.[1]).toMatchObject({
    ...{ state: 'running', target: 'sample' },
    steps: [{ name: 'check' }, { name: 'remove', detail: '0/2 · beijing' }],
  });
});

test('its pushes are refused from then on, so that it does not come back by itself', async () => {
  await expect(it.push({ ...snapshot(2), source: 'sample' })).rejects.toMatchObject({
    problem: { code: 'cmdb_source_removed' },
  });
});

test('the operation tells how far it is and succeeds once, when the last of its services is gone', async () => {
  await it.isGone('shop/prod/cart', uids[0] ?? '');
  expect(await it.said()).toMatchObject([
    [expect.any(String), { state: 'running', steps: [{ name: 'remove', state: 'running', detail: '1/2' }] }],
  ]);
  await it.isGone('shop/test/cart', uids[1] ?? '');
  const result = { projects: 1, catalogServices: 1, services: 2 };
  expect(await it.said()).toMatchObject([
    [expect.any(String), { state: 'succeeded', steps: [{ detail: '2/2' }, { name: 'finish' }], result }],
  ]);
});

test('restoring takes up exactly what was removed, and pushes count again', async () => {
  await restore('sample');
  const said = await it.said();
  expect(said.slice(0, 2).map(([key, { retired }]) => `${key} ${String(retired)}`)).toEqual([
    'shop false',
    'shop/cart false',
  ]);
  expect(said.at(-1)?.[1]).toMatchObject({ state: 'succeeded', kind: 'cmdb.restore' });
  expect(await it.push({ ...snapshot(2), source: 'sample' })).toMatchObject({ result: 'unchanged', sample: true });
});

test('the list has both sources with what they name', async () => {
  expect(await it.sources.list()).toMatchObject([
    { source: 'cmdb', sample: false, projects: 1 },
    { source: 'sample', sample: true, removed: false, restores: 1, projects: 1, services: 1 },
  ]);
});
