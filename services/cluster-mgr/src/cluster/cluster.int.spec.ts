import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testDatabase } from '@berth/testing';
import { migrations } from '../migrations/index.js';
import { Harness, registration } from '../spec-harness.js';

let it: Harness;
beforeAll(async () => {
  it = new Harness(await testDatabase('cluster-mgr', migrations));
}, 60_000);
afterAll(() => it.close());

const phases = (said: Awaited<ReturnType<Harness['said']>>) =>
  said.filter(({ type }) => type === 'cluster-mgr.cluster.state.v1').map(({ data }) => data.phase);

describe('the life of a cluster', () => {
  let operationId: string;

  test('a registration is joining, and its operation runs', async () => {
    operationId = await it.handle('registerCluster', registration('beijing'));
    const said = await it.said();
    expect(phases(said)).toEqual(['joining']);
    expect(Harness.statesOf(said, operationId)).toEqual(['running']);
  });

  test('the same name a second time is refused as cluster_exists', async () => {
    const second = await it.handle('registerCluster', registration('beijing'));
    const said = await it.said();
    expect(said).toHaveLength(1);
    expect(said[0]?.data).toMatchObject({ operationId: second, state: 'refused', problem: { code: 'cluster_exists' } });
    await expect(it.clusters.checkRegistration(registration('beijing'))).rejects.toMatchObject({ status: 409 });
  });

  test('it is ready once it answers and is watched under its epoch, and the operation succeeded', async () => {
    await it.probe('beijing');
    await it.observe('beijing', 1);
    it.clock.pass(2);
    await it.probe('beijing');
    const said = await it.said();
    expect(phases(said)).toEqual(['joining', 'ready']);
    expect(Harness.statesOf(said, operationId)).toEqual(['succeeded']);
  });

  test('20 more good looks say nothing at all', async () => {
    for (let look = 0; look < 20; look += 1) {
      it.clock.pass(2);
      await it.observe('beijing', 1);
      await it.probe('beijing');
    }
    expect(await it.said()).toEqual([]);
  });

  test('an ipaas that starts anew, has heard nothing yet and takes 40 s, changes nothing', async () => {
    for (let look = 0; look < 20; look += 1) {
      it.clock.pass(2);
      await it.observe('beijing', 1, 8_000, { watch: 'connecting', heardAt: null, allocatable: null, nodes: [] });
      await it.probe('beijing');
    }
    await it.observe('beijing', 1);
    expect(await it.said()).toEqual([]);
  });

  test('30 s of silence make it suspect, then dead: two records', async () => {
    for (let look = 0; look < 15; look += 1) {
      it.clock.pass(2);
      await it.probe('beijing', 'unreachable');
    }
    const said = await it.said();
    expect(phases(said)).toEqual(['suspect', 'dead']);
    expect(said[1]?.data.reason).toMatch(/does not answer for \d+ looks in \d+ s .*last heard \d+ s ago/);
  });

  test('when it comes back it is quarantined, however long it is well', async () => {
    for (let look = 0; look < 30; look += 1) {
      it.clock.pass(2);
      await it.observe('beijing', 1);
      await it.probe('beijing');
    }
    expect(phases(await it.said())).toEqual(['quarantined']);
  });

  test('readmitted it joins under epoch 2 and is ready when it is watched under epoch 2', async () => {
    const readmission = await it.handle('readmitCluster', { name: 'beijing' });
    await it.probe('beijing');
    await it.observe('beijing', 2);
    await it.probe('beijing');
    const said = await it.said();
    expect(said.filter(({ key }) => key === 'beijing').map(({ data }) => `${data.phase} ${data.epoch}`)).toEqual([
      'joining 2',
      'joining 2',
      'ready 2',
    ]);
    expect(Harness.statesOf(said, readmission)).toEqual(['running', 'succeeded']);
  });

  test('a ready cluster is not readmitted: nothing to do', async () => {
    const readmission = await it.handle('readmitCluster', { name: 'beijing' });
    expect((await it.said())[0]?.data).toMatchObject({
      operationId: readmission,
      state: 'refused',
      problem: { code: 'nothing_to_do' },
    });
    await expect(it.clusters.checkReadmission('nowhere')).rejects.toMatchObject({ status: 404 });
  });
});

test('a cluster that does not answer for 180 s fails its registration, and may be registered again under the next epoch', async () => {
  const first = await it.handle('registerCluster', registration('shanghai'));
  it.clock.pass(179);
  await it.probe('shanghai', 'unreachable');
  await it.sweep.sweep();
  expect(Harness.statesOf(await it.said(), first)).toEqual(['running']);
  it.clock.pass(1);
  await Promise.all([it.sweep.sweep(), it.copy().sweep.sweep(), it.sweep.sweep()]);
  const said = await it.said();
  expect(said).toHaveLength(1);
  const refusedOnce = { code: 'no_answer', params: { looks: 1, detail: 'connect ECONNREFUSED' } };
  expect(said[0]?.data).toMatchObject({
    state: 'failed',
    steps: [{ name: 'ready', cluster: 'shanghai', state: 'failed', proof: [refusedOnce] }],
    problem: {
      code: 'cluster_unreachable',
      params: { server: 'https://shanghai.example:6443', cause: 'does not answer (connect ECONNREFUSED)' },
      errors: [{ path: 'shanghai', ...refusedOnce, message: 'does not answer (connect ECONNREFUSED)' }],
    },
  });
  const again = await it.handle('registerCluster', registration('shanghai'));
  const after = await it.said();
  expect(after.find(({ key }) => key === 'shanghai')?.data).toMatchObject({ phase: 'joining', epoch: 2 });
  expect(Harness.statesOf(after, again)).toEqual(['running']);
});

test('two registrations of one name at once in two copies: one joins, one is refused', async () => {
  const copy = it.copy();
  await Promise.all([
    it.handle('registerCluster', registration('wuhan')),
    copy.handle('registerCluster', registration('wuhan')),
  ]);
  const said = await it.said();
  expect(phases(said)).toEqual(['joining']);
  expect(said.filter(({ data }) => data.state === 'refused')).toHaveLength(1);
});

describe('a cluster that is removed', () => {
  const stateOf = (said: Awaited<ReturnType<Harness['said']>>) =>
    said
      .filter(({ type, key }) => type === 'cluster-mgr.cluster.state.v1' && key === 'chengdu')
      .map(({ data }) => data);

  test('is refused while a service has its place there, by the names of the services', async () => {
    await it.handle('registerCluster', registration('chengdu'));
    await it.database.query(
      `insert into placement (key, uid, generation, total, stopped, policy, live, assignments, decided_at)
       values ('shop/prod/cart', gen_random_uuid(), 1, 1, false, '{}', '{}',
         '[{"cluster": "chengdu", "replicas": 1, "epoch": 1, "reason": {"code": "even_share"}}]', now())`,
    );
    await it.said();
    const operationId = await it.handle('removeCluster', { name: 'chengdu' });
    const said = await it.said();
    expect(said.find(({ data }) => data.operationId === operationId)?.data).toMatchObject({
      state: 'refused',
      problem: { code: 'cluster_in_use', params: { cluster: 'chengdu', count: 1, services: 'shop/prod/cart' } },
    });
    await expect(it.clusters.checkRemoval('chengdu')).rejects.toMatchObject({ status: 409 });
    await it.database.query(`delete from placement where key = 'shop/prod/cart'`);
  });

  test('is gone with a tombstone; registered again it goes on with the next epoch', async () => {
    const operationId = await it.handle('removeCluster', { name: 'chengdu' });
    const said = await it.said();
    expect(stateOf(said)).toEqual([{}]);
    expect(Harness.statesOf(said, operationId)).toEqual(['running', 'succeeded']);
    await expect(it.clusters.checkRemoval('chengdu')).rejects.toMatchObject({ status: 404 });
    await it.handle('registerCluster', registration('chengdu'));
    expect(stateOf(await it.said())).toEqual([expect.objectContaining({ phase: 'joining', epoch: 2 })]);
  });
});
