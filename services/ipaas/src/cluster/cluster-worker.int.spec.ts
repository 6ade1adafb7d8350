import { berthLabels } from '@berth/clients/kubernetes';
import { eventually } from '@berth/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { aRender, aSpec, anImage } from '../workload/workload.builders.js';
import { ClusterRig, installationId, type GivenService } from './cluster.rig.js';

let rig: ClusterRig;
beforeEach(async () => {
  rig = await ClusterRig.open();
});
afterEach(async () => {
  await rig.close();
});

async function rolledOut(service: GivenService, ready = 2) {
  return eventually(async () => {
    const row = await rig.observed(service);
    expect(row).toMatchObject({ rolledOut: true, ready, fresh: true });
    return row;
  });
}

function deployment(name = 'cart', namespace = 'shop-prod') {
  return rig.fake.objects('Deployment', namespace).find(({ metadata }) => metadata.name === name);
}

describe('a target becomes objects, and what they do becomes rows', () => {
  test('a target of 2 replicas becomes a namespace of ours, a Service, a Deployment, and 2 running containers', async () => {
    const cart = await rig.addService({});
    await rig.start();
    expect(await rolledOut(cart)).toMatchObject({
      generation: 1,
      epoch: 1,
      release: 1,
      replicas: 2,
      updated: 2,
      available: 2,
    });
    const [namespace] = rig.fake.objects('Namespace').filter(({ metadata }) => metadata.name === 'shop-prod');
    expect(namespace?.metadata.labels).toMatchObject({
      [berthLabels.installation]: installationId,
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    expect(rig.fake.objects('RoleBinding', 'shop-prod')).toHaveLength(1);
    expect(rig.fake.objects('Service', 'shop-prod')).toHaveLength(1);
    await eventually(async () =>
      expect((await rig.containers(cart)).map(({ state }) => state)).toEqual(['running', 'running']),
    );
  });

  test('the cluster is reported with its version, its node and nothing foreign, and again every 5 s', async () => {
    await rig.start();
    await eventually(async () => {
      const heard = (await rig.said()).filter(({ watch, version }) => watch === 'live' && version === 'v1.34.4');
      expect(heard[0]).toMatchObject({
        epoch: 1,
        allocatable: { cpuMillis: 8000, pods: 110 },
        foreign: { cpuMillis: 0, pods: 0 },
      });
      expect(heard.length).toBeGreaterThan(1);
    }, 15_000);
  });

  test('once it is as desired nothing is written any more, however often it is looked at', async () => {
    const cart = await rig.addService({});
    const copy = await rig.start();
    await rolledOut(cart);
    const before = copy.dialer.writes;
    await rig.database.query(`select pg_notify('ipaas_target', '')`);
    const other = await rig.addService({ key: 'shop/prod/other' });
    await rolledOut(other);
    // The namespace is there: the other service costs a Service and a Deployment, and the first one nothing.
    expect(copy.dialer.writes - before).toBe(2);
  });

  test('a scale, a restart and an upgrade each show in the observed row only when they are done', async () => {
    const cart = await rig.addService({});
    await rig.start();
    await rolledOut(cart);
    await rig.setTarget(cart, { generation: 2, replicas: 3 });
    await eventually(async () =>
      expect(await rig.observed(cart)).toMatchObject({ rolledOut: true, generation: 2, ready: 3 }),
    );
    await rig.setTarget(cart, { generation: 2, replicas: 3, restartToken: 'again' });
    await eventually(async () =>
      expect(await rig.observed(cart)).toMatchObject({ rolledOut: true, restartToken: 'again', ready: 3 }),
    );
    await eventually(async () => expect((await rig.containers(cart)).filter(({ ended }) => ended)).toHaveLength(3));
    await rig.addRelease(
      aRender({ uid: cart.uid, release: 2, image: anImage({ digest: `sha256:${'b'.repeat(64)}` }) }),
    );
    await rig.setTarget(cart, { generation: 3, replicas: 3, restartToken: 'again', release: 2 });
    await eventually(async () =>
      expect(await rig.observed(cart)).toMatchObject({ rolledOut: true, release: 2, ready: 3 }),
    );
    await eventually(async () => {
      const rows = await rig.containers(cart);
      expect(rows.filter(({ ended }) => ended)).toHaveLength(6);
      expect(rows.filter(({ state }) => state === 'running')).toHaveLength(3);
    });
  });

  test('a removal leaves nothing in the cluster but the namespace, its target goes, and past containers stay', async () => {
    const cart = await rig.addService({
      spec: aSpec({ variables: [{ name: 'DB', secret: { name: 'DB', version: 1 } }] }),
    });
    await rig.start();
    await rolledOut(cart);
    await rig.setTarget(cart, { phase: 'remove' });
    await eventually(async () => expect(await rig.targets.of(rig.database, cart.uid)).toEqual([]));
    for (const kind of ['Deployment', 'Service', 'Secret', 'Pod'] as const)
      expect(rig.fake.objects(kind, 'shop-prod')).toEqual([]);
    expect(await rig.observed(cart)).toBeUndefined();
    await eventually(async () =>
      expect((await rig.containers(cart)).map(({ state }) => state)).toEqual(['ended', 'ended']),
    );
  });

  test('a sealed variable is in its own Secret before the first container is made', async () => {
    const variables = [{ name: 'DB_URL', secret: { name: 'DB_URL', version: 3 } }];
    const uid = '00000000-0000-4000-8000-000000000077';
    rig.secrets.set(`${uid}/DB_URL/3`, 'postgres://secret');
    await rig.addService({ uid, spec: aSpec({ variables }) });
    await rig.start();
    await eventually(() => expect(deployment()).toBeDefined());
    const [secret] = rig.fake.objects('Secret', 'shop-prod');
    expect(secret).toMatchObject({
      immutable: true,
      data: { value: Buffer.from('postgres://secret').toString('base64') },
    });
    expect(JSON.stringify(deployment())).not.toContain('postgres://secret');
  });
});

describe('the login of a registry', () => {
  const login = () =>
    rig.fake.objects('Secret', 'shop-prod').find(({ metadata }) => metadata.name === 'berth-registry-hub');
  const passwordIn = (secret: ReturnType<typeof login>) =>
    Buffer.from((secret?.['data'] as Record<string, string>)['.dockerconfigjson'] ?? '', 'base64').toString();
  const wake = () => rig.database.query(`select pg_notify('ipaas_target', '')`);

  test('is a pull secret before the first container is made, follows a new password, and goes when nobody names it', async () => {
    rig.registry.logins.set('shop-prod/hub', { version: 1, password: 'first' });
    rig.registry.logins.set('shop-prod/unused', { version: 1, password: 'x' });
    const cart = await rig.addService({ spec: aSpec({ registryCredential: 'hub' }) });
    await rig.start();
    await eventually(() => expect(deployment()).toBeDefined());
    expect(login()).toMatchObject({ type: 'kubernetes.io/dockerconfigjson' });
    expect(passwordIn(login())).toContain('first');
    expect(JSON.stringify(deployment())).toContain('"imagePullSecrets":[{"name":"berth-registry-hub"}]');
    const pods = rig.fake.objects('Pod', 'shop-prod').map(({ metadata }) => metadata.name);
    rig.registry.logins.set('shop-prod/hub', { version: 2, password: 'second' });
    await wake();
    await eventually(() => expect(passwordIn(login())).toContain('second'), 5_000);
    expect(rig.fake.objects('Pod', 'shop-prod').map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(pods),
    );
    expect(rig.fake.objects('Secret', 'shop-prod')).toHaveLength(1);
    await rig.setTarget(cart, { phase: 'remove' });
    await eventually(() => expect(login()).toBeUndefined(), 10_000);
  });
});

describe('a paused service', () => {
  const setPaused = async ({ uid }: GivenService, pause: object | null) => {
    await rig.database.query('update service set pause = $2 where uid = $1', [uid, pause && JSON.stringify(pause)]);
    await rig.database.query(`select pg_notify('ipaas_target', 'beijing')`);
  };
  const scaleByHand = (replicas: number) =>
    rig.fake.client().apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'cart', namespace: 'shop-prod' },
        spec: { replicas },
      },
      { fieldManager: 'kubectl-scale' },
    );

  test('keeps what a hand changed, shows it with what is desired, and is put right when it is resumed', async () => {
    const cart = await rig.addService({});
    const first = await rig.start('ipaas-1');
    await rolledOut(cart);
    // A copy that starts has read the pause before it sees the first hand; one that runs may see the hand first.
    await first.stop();
    await setPaused(cart, { at: 'now' });
    await rig.start('ipaas-2');
    await scaleByHand(4);
    await eventually(async () => expect(await rig.externalChange(cart)).toMatchObject({ observed: '4' }));
    await scaleByHand(2);
    await eventually(async () => expect(await rig.externalChange(cart)).toBeNull());
    await scaleByHand(5);
    await eventually(async () =>
      expect(await rig.externalChange(cart)).toMatchObject({
        field: 'replicas',
        manager: 'kubectl-scale',
        corrected: false,
        observed: '5',
      }),
    );
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ replicas: 5 }));
    await rig.setTarget(cart, { replicas: 3, generation: 2 });
    expect(deployment()?.['spec']).toMatchObject({ replicas: 5 });
    await setPaused(cart, null);
    await eventually(() => expect(deployment()?.['spec']).toMatchObject({ replicas: 3 }), 5_000);
    expect(await rolledOut(cart, 3)).toMatchObject({ generation: 2 });
  });
});

describe('what others do in the cluster', () => {
  test('replicas that kubectl set are put right within 5 s and shown with its name', async () => {
    const cart = await rig.addService({});
    await rig.start();
    await rolledOut(cart);
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop-prod' },
      spec: { replicas: 5 },
    } as const;
    await rig.fake.client().apply(object, { fieldManager: 'kubectl-scale' });
    await eventually(async () => {
      expect(deployment()?.['spec']).toMatchObject({ replicas: 2 });
      expect(await rig.externalChange(cart)).toMatchObject({
        field: 'replicas',
        manager: 'kubectl-scale',
        corrected: true,
      });
    }, 5_000);
    await rolledOut(cart);
  });

  test('an edited template and a deleted Deployment are put right within 5 s and shown', async () => {
    const cart = await rig.addService({});
    await rig.start();
    await rolledOut(cart);
    const edit = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop-prod' },
      spec: { progressDeadlineSeconds: 7 },
    } as const;
    await rig.fake.client().apply(edit, { fieldManager: 'kubectl-edit' });
    await eventually(async () => {
      expect(deployment()?.['spec']).toMatchObject({ progressDeadlineSeconds: 300 });
      expect(await rig.externalChange(cart)).toMatchObject({ field: 'template', manager: 'kubectl-edit' });
    }, 5_000);
    const gone = deployment()?.metadata.uid ?? '';
    await rig.fake
      .client()
      .remove({ kind: 'Deployment', name: 'cart', namespace: 'shop-prod' }, { uid: gone, propagation: 'Background' });
    await eventually(async () => {
      expect(deployment()?.metadata.uid).not.toBe(gone);
      expect(await rig.externalChange(cart)).toMatchObject({ field: 'deleted' });
    }, 5_000);
    await rolledOut(cart);
  });

  test('a namespace that is not marked as ours is not touched, and the row says so', async () => {
    rig.fake.seed({ kind: 'Namespace', metadata: { name: 'shop-prod', labels: { owner: 'somebody' } } });
    const cart = await rig.addService({});
    const copy = await rig.start();
    await eventually(async () =>
      expect(await rig.observed(cart)).toMatchObject({ causeCode: 'foreign_namespace', ready: 0 }),
    );
    expect(copy.dialer.writes).toBe(0);
  });

  test('a Deployment of the same name that is not ours is not taken over', async () => {
    const other = await rig.addService({ key: 'shop/prod/other' });
    await rig.start();
    await rolledOut(other);
    const labels = { app: 'theirs' };
    rig.fake.seed({
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop-prod', labels },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'x' }] } },
      },
    });
    const cart = await rig.addService({});
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ causeCode: 'foreign_object' }));
    expect(deployment()?.metadata.labels).toEqual(labels);
  });
});

describe('causes', () => {
  test('an image that cannot be pulled, with the words of the cluster', async () => {
    rig.fake.setBehaviour({ deployment: 'cart' }, { kind: 'pull_error', message: 'manifest unknown' });
    const cart = await rig.addService({});
    await rig.start();
    await eventually(async () => {
      const row = await rig.observed(cart);
      expect(row).toMatchObject({ causeCode: 'image_pull', rolledOut: false });
      expect(row?.causeDetail).toContain('manifest unknown');
    });
  });

  test('a crash loop with exit code 78, and its restarts are marked', async () => {
    rig.fake.setBehaviour({ deployment: 'cart' }, { kind: 'crash', exitCode: 78 });
    const cart = await rig.addService({ replicas: 1 });
    await rig.start();
    await rig.setTarget(cart, { replicas: 1 });
    await eventually(async () => {
      const { causeDetail, causeEnd } = (await rig.observed(cart)) ?? {};
      expect(causeDetail).toContain('exit code 78');
      expect(causeEnd).toMatchObject({ exitCode: 78, signal: null });
      const [row] = await rig.containers(cart);
      expect(row).toMatchObject({ state: 'crash_looping' });
      expect(row?.marks).toBeGreaterThan(2);
      const [stored] = await rig.database.query('select detail, detail_end from container');
      expect(stored).toMatchObject({ detail: 'exit code 78', detail_end: { exitCode: 78, signal: null } });
    });
  });
});

describe('a cluster that is not as it should be', () => {
  test('a quarantined cluster is only looked at; readmitted it is brought to its target', async () => {
    await rig.setCluster({ phase: 'quarantined' });
    const cart = await rig.addService({});
    const copy = await rig.start();
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ fresh: true, ready: 0 }));
    expect(copy.dialer.writes).toBe(0);
    await rig.setCluster({ phase: 'ready', epoch: 2 });
    await rolledOut(cart);
    await eventually(async () => expect((await rig.said()).at(-1)).toMatchObject({ epoch: 2 }));
  });

  test('a silent cluster: rows are old after 10 s and keep their last values; back, they are fresh and work goes on', async () => {
    const cart = await rig.addService({});
    await rig.start();
    await rolledOut(cart);
    rig.fake.setReachable(false);
    await eventually(async () => expect(await rig.observed(cart)).toMatchObject({ fresh: false, ready: 2 }), 20_000);
    await eventually(async () => expect((await rig.said()).at(-1)).toMatchObject({ watch: 'stale' }));
    await rig.setTarget(cart, { generation: 2, replicas: 1 });
    rig.fake.setReachable(true);
    await eventually(
      async () => expect(await rig.observed(cart)).toMatchObject({ fresh: true, ready: 1, rolledOut: true }),
      20_000,
    );
  }, 60_000);

  test('when the holder stops, the other copy takes over and carries on', async () => {
    const cart = await rig.addService({});
    const first = await rig.start('ipaas-1');
    await rolledOut(cart);
    const second = await rig.start('ipaas-2');
    await first.stop();
    await rig.setTarget(cart, { generation: 2, replicas: 1 });
    await eventually(async () =>
      expect(await rig.observed(cart)).toMatchObject({ generation: 2, ready: 1, rolledOut: true }),
    );
    // The second copy had the notes of the first: one write, for the scale.
    expect(second.dialer.writes).toBe(1);
  });
});
