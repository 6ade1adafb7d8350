import { berthLabels } from '@berth/clients/kubernetes';
import { eventually } from '@berth/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ClusterRig, installationId } from './cluster.rig.js';

let rig: ClusterRig;
beforeEach(async () => {
  rig = await ClusterRig.open();
});
afterEach(async () => {
  await rig.close();
});

describe('one service whose containers say what a database cannot keep', () => {
  test('NUL and half a face are written without them, and the service beside it rolls out', async () => {
    const words = `no\u0000pe \ud83d ${'🙂'.repeat(300)}`;
    rig.fake.setBehaviour({ deployment: 'cart' }, { kind: 'pull_error', message: words });
    const cart = await rig.addService({});
    const other = await rig.addService({ key: 'shop/prod/other' });
    await rig.start();
    await eventually(async () => expect(await rig.observed(other)).toMatchObject({ rolledOut: true, ready: 2 }));
    await eventually(async () =>
      expect(await rig.observed(cart)).toMatchObject({
        causeCode: 'image_pull',
        causeDetail: expect.stringContaining('no\ufffdpe \ufffd 🙂'),
      }),
    );
    for (const { detail } of await rig.containers(cart)) expect(detail).toMatch(/🙂…$/u);
  });

  test('a row that PostgreSQL refuses holds up its own service alone, and is written once it is right', async () => {
    const cart = await rig.addService({});
    const other = await rig.addService({ key: 'shop/prod/other' });
    await rig.start();
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ rolledOut: true }));
    await eventually(async () => expect(await rig.observed(other)).toMatchObject({ rolledOut: true }));
    const labels = {
      [berthLabels.installation]: installationId,
      [berthLabels.serviceUid]: cart.uid,
      [berthLabels.release]: '99999999999',
    };
    const pod = rig.fake.seed({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'cart-odd', namespace: 'shop-prod', labels },
      spec: { containers: [{ name: 'app' }] },
    });
    await rig.setTarget(cart, { generation: 2, replicas: 3 });
    await rig.setTarget(other, { generation: 2, replicas: 3 });
    await eventually(async () => expect(await rig.observed(other)).toMatchObject({ rolledOut: true, ready: 3 }));
    expect(await rig.observed(cart)).toMatchObject({ generation: 1 });

    await rig.fake
      .client()
      .remove(
        { kind: 'Pod', namespace: 'shop-prod', name: 'cart-odd' },
        { uid: pod.metadata.uid, propagation: 'Background' },
      );
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ rolledOut: true, ready: 3 }));
  });
});

describe('a cluster that answers and whose containers are no longer told', () => {
  test('has old rows after 10 s with the kind that is missing, and fresh ones once it is told again', async () => {
    const cart = await rig.addService({});
    await rig.start();
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ rolledOut: true, fresh: true }));
    rig.fake.setWatchable('Pod', false);
    const sinceMs = performance.now();
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ fresh: false }), 20_000);
    expect(performance.now() - sinceMs).toBeGreaterThan(9_000);
    await eventually(async () =>
      expect((await rig.said()).at(-1)).toMatchObject({
        watch: 'stale',
        detail: 'the cluster does not tell what becomes of Pod',
      }),
    );
    rig.fake.setWatchable('Pod', true);
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ rolledOut: true, fresh: true }));
    await eventually(async () => expect((await rig.said()).at(-1)).toMatchObject({ watch: 'live' }));
  }, 60_000);
});
