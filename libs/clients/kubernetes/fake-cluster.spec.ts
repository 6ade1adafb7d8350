import { describe, expect, test } from '@jest/globals';
import { FakeCluster } from './fake-cluster.js';
import { clusterContract } from './kubernetes.contract.js';
import { podProjection } from './project-pod.js';
import { deploymentProjection } from './project-deployment.js';
import type { KubeObject } from './client.js';

clusterContract('the fake', async () => {
  const fake = new FakeCluster();
  const client = fake.client();
  return { client, advance: () => fake.tick(), dropWatches: () => fake.dropWatches(), close: () => client.close() };
});

const labels = { 'berth.dev/service-uid': 'cart' };

function cart(image: string, replicas: number): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'default', labels },
    spec: {
      replicas,
      progressDeadlineSeconds: 300,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } },
    },
  };
}

function readyImages(fake: FakeCluster): string[] {
  const pods = fake.objects('Pod').map((pod) => podProjection.project(pod));
  return pods
    .filter(({ ready }) => ready)
    .map(({ image }) => image ?? '')
    .sort();
}

function deploymentOf(fake: FakeCluster) {
  const [deployment] = fake.objects('Deployment').map((object) => deploymentProjection.project(object));
  if (!deployment) throw new Error('no deployment');
  return deployment;
}

describe('the kubelet of the fake', () => {
  test('has 3 replicas ready after 2 ticks', async () => {
    const fake = new FakeCluster();
    await fake.client().apply(cart('cart:1', 3));
    fake.tick(2);
    expect(readyImages(fake)).toEqual(['cart:1', 'cart:1', 'cart:1']);
    expect(deploymentOf(fake)).toMatchObject({
      replicas: { spec: 3, ready: 3, updated: 3 },
      progressing: { reason: 'NewReplicaSetAvailable' },
    });
  });

  test('rolls 3 replicas to a new image without ever having fewer than 3 ready', async () => {
    const fake = new FakeCluster();
    await fake.client().apply(cart('cart:1', 3));
    fake.tick(3);
    await fake.client().apply(cart('cart:2', 3));
    for (let n = 0; n < 12; n += 1) {
      fake.tick();
      expect(readyImages(fake).length).toBeGreaterThanOrEqual(3);
    }
    expect(readyImages(fake)).toEqual(['cart:2', 'cart:2', 'cart:2']);
  });

  test('keeps the 2 old replicas while the new image cannot be pulled, and says so after 300 s', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const fake = new FakeCluster({ now: () => now });
    fake.setBehaviour({ image: 'cart:bad' }, { kind: 'pull_error' });
    await fake.client().apply(cart('cart:1', 2));
    fake.tick(3);
    await fake.client().apply(cart('cart:bad', 2));
    fake.tick(5);
    expect(deploymentOf(fake).progressing?.reason).toBe('ReplicaSetUpdated');
    now = new Date('2026-01-01T00:05:01Z');
    fake.tick();
    expect(readyImages(fake)).toEqual(['cart:1', 'cart:1']);
    expect(deploymentOf(fake)).toMatchObject({
      replicas: { total: 3, updated: 1, ready: 2 },
      progressing: { reason: 'ProgressDeadlineExceeded' },
    });
    const waiting = fake.objects('Pod').map((pod) => podProjection.project(pod).state.waiting?.reason);
    expect(waiting).toContain('ImagePullBackOff');
  });

  test('a crashing container has a restart more after each tick, and its last exit code', async () => {
    const fake = new FakeCluster();
    fake.setBehaviour({ deployment: 'cart' }, { kind: 'crash', exitCode: 78 });
    await fake.client().apply(cart('cart:1', 1));
    fake.tick(4);
    const [pod] = fake.objects('Pod').map((object) => podProjection.project(object));
    expect(pod).toMatchObject({
      ready: false,
      restarts: 2,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastTermination: { exitCode: 78 },
    });
  });

  test('a pod without the selected label stays, and another one takes its place', async () => {
    const fake = new FakeCluster();
    const client = fake.client();
    await client.apply(cart('cart:1', 1));
    fake.tick(2);
    const [pod] = fake.objects('Pod');
    await client.patchLabels(
      { kind: 'Pod', namespace: 'default', name: pod?.metadata.name ?? '' },
      { 'berth.dev/service-uid': null },
    );
    fake.tick(2);
    expect(readyImages(fake)).toEqual(['cart:1', 'cart:1']);
  });
});

describe('the switches of the fake', () => {
  test('expired watches list again, and what was deleted unseen is gone from the set', async () => {
    const fake = new FakeCluster();
    const client = fake.client();
    const sets: string[][] = [];
    const watch = client.watch({
      projection: podProjection,
      onSynced: (pods) => sets.push(pods.map(({ image }) => image ?? '')),
      onUpsert: () => undefined,
      onRemove: () => undefined,
    });
    await client.apply(cart('cart:1', 1));
    fake.tick(2);
    await fake.settled();
    fake.setReachable(false);
    await expect(client.version()).rejects.toMatchObject({ kind: 'unreachable' });
    for (const pod of fake.objects('Pod')) expect(pod.metadata.name).toMatch(/^cart-/);
    fake.setReachable(true);
    const { uid } = (await client.get({ kind: 'Deployment', namespace: 'default', name: 'cart' })).metadata;
    fake.setReachable(false);
    fake.setReachable(true);
    await client.remove({ kind: 'Deployment', namespace: 'default', name: 'cart' }, { uid, propagation: 'Background' });
    fake.tick(2);
    fake.expireWatches();
    await fake.settled();
    expect(watch.lists()).toBeGreaterThan(1);
    expect(sets.at(-1)).toEqual([]);
    await client.close();
  });

  test('an injected failure meets exactly 1 call', async () => {
    const fake = new FakeCluster();
    fake.failNext('too_many_requests');
    await expect(fake.client().version()).rejects.toMatchObject({ kind: 'too_many_requests' });
    await expect(fake.client().version()).resolves.toMatchObject({ gitVersion: 'v1.34.4' });
  });

  test('a log is given whole, by its last 2 lines, and of the run before', async () => {
    const fake = new FakeCluster();
    fake.seed({ kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { containers: [] } });
    fake.setLog('default', 'p', 'one\ntwo\nthree\n');
    fake.setLog('default', 'p', 'before\n', { previous: true });
    const read = async (options: { tailLines?: number; previous?: boolean }) =>
      Buffer.concat(await (await fake.client().logs('default', 'p', options)).toArray()).toString();
    expect(await read({})).toBe('one\ntwo\nthree\n');
    expect(await read({ tailLines: 2 })).toBe('two\nthree\n');
    expect(await read({ previous: true })).toBe('before\n');
  });
});
