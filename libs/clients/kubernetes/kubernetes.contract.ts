import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import type { ClusterClient, KubeObject } from './client.js';
import type { ClusterErrorKind } from './errors.js';
import { berthLabels } from './labels.js';
import { deploymentProjection } from './project-deployment.js';
import { namespaceProjection } from './project-others.js';
import { podProjection } from './project-pod.js';
import type { Projection, WatchOptions } from './watch.js';

/** What the contract needs to know of a cluster beside its client. */
export interface ContractCluster {
  readonly client: ClusterClient;
  /** Lets controllers and kubelet work once; a real cluster does so by itself. */
  readonly advance: () => void;
  /** Loses open watch connections without a word. */
  readonly dropWatches: () => void;
  readonly close: () => Promise<void>;
}

/** Promises that services rely on, kept by a real cluster and by the fake alike. */
export function clusterContract(name: string, open: () => Promise<ContractCluster>): void {
  describe(`the cluster contract, kept by ${name}`, () => {
    const namespace = `berth-contract-${randomBytes(4).toString('hex')}`;
    let cluster: ContractCluster;
    let client: ClusterClient;

    beforeAll(async () => {
      cluster = await open();
      client = cluster.client;
      await client.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { [berthLabels.installation]: 'contract' } },
      });
    });

    afterAll(async () => {
      // Closed whatever happened: an open wire would keep a failed run from ending.
      try {
        const ref = { kind: 'Namespace', name: namespace } as const;
        const { uid } = (await client.get(ref)).metadata;
        await client.remove(ref, { uid, propagation: 'Background' });
      } finally {
        await cluster.close();
      }
    });

    const configMap = (
      name: string,
      data: Record<string, string>,
      labels: Record<string, string> = {},
    ): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels },
      data,
    });
    const ref = (name: string) => ({ kind: 'ConfigMap', namespace, name }) as const;
    const fails = (kind: ClusterErrorKind) => ({ name: 'ClusterError', kind });

    describe('apply', () => {
      test('creates an object, and the same apply again changes nothing, not even its version', async () => {
        const first = await client.apply(configMap('twice', { a: '1' }));
        const second = await client.apply(configMap('twice', { a: '1' }));
        expect(first.metadata).toMatchObject({ name: 'twice', namespace, uid: expect.stringMatching(/.{20,}/) });
        expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
        expect(await client.get(ref('twice'))).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
      });

      test('removes a field that it set before and no longer names, and keeps what another manager set', async () => {
        await client.apply(configMap('shared', { ours: '1', gone: '1' }));
        await client.apply(configMap('shared', { theirs: '2' }), { fieldManager: 'somebody' });
        await client.apply(configMap('shared', { ours: '3' }));
        expect((await client.get(ref('shared')))['data']).toEqual({ ours: '3', theirs: '2' });
      });

      test('takes a field over with force, and answers conflict without', async () => {
        await client.apply(configMap('contested', { a: '1' }), { fieldManager: 'somebody' });
        const gently = client.apply(configMap('contested', { a: '2' }), { force: false });
        await expect(gently).rejects.toMatchObject(fails('conflict'));
        expect((await client.apply(configMap('contested', { a: '2' })))['data']).toEqual({ a: '2' });
      });

      test('answers conflict when the version that was planned from is old, and changes nothing', async () => {
        const first = await client.apply(configMap('planned', { a: '1' }));
        const second = await client.apply(
          configMap('planned', { a: '2' }),
          first.metadata.resourceVersion ? { resourceVersion: first.metadata.resourceVersion } : {},
        );
        const late = client.apply(configMap('planned', { a: '3' }), {
          resourceVersion: first.metadata.resourceVersion,
        });
        await expect(late).rejects.toMatchObject(fails('conflict'));
        expect((await client.get(ref('planned'))).metadata.resourceVersion).toBe(second.metadata.resourceVersion);
      });

      test('answers conflict for the uid of another incarnation', async () => {
        await client.apply(configMap('incarnated', { a: '1' }));
        const other = '00000000-0000-4000-8000-000000000000';
        await expect(client.apply(configMap('incarnated', { a: '2' }), { uid: other })).rejects.toMatchObject(
          fails('conflict'),
        );
      });

      test('answers conflict, and makes nothing, when what was planned from is gone', async () => {
        const { metadata } = await client.apply(configMap('vanished', { a: '1' }));
        await client.remove(ref('vanished'), { uid: metadata.uid, propagation: 'Background' });
        const { uid, resourceVersion } = metadata;
        await expect(client.apply(configMap('vanished', { a: '2' }), { uid, resourceVersion })).rejects.toMatchObject(
          fails('conflict'),
        );
        await expect(client.get(ref('vanished'))).rejects.toMatchObject(fails('not_found'));
      });

      test('as a dry run answers with the object and stores none', async () => {
        expect(await client.apply(configMap('dry', { a: '1' }), { dryRun: true })).toMatchObject({ data: { a: '1' } });
        await expect(client.get(ref('dry'))).rejects.toMatchObject(fails('not_found'));
      });

      test('answers invalid for a name that is none, with the field in the message', async () => {
        const wrong = client.apply(configMap('Not_A_Name', {}));
        await expect(wrong).rejects.toMatchObject({
          ...fails('invalid'),
          message: expect.stringContaining('metadata.name'),
        });
      });

      test('answers not_found for a namespace that does not exist', async () => {
        const lost = { ...configMap('lost', {}), metadata: { name: 'lost', namespace: `${namespace}-none` } };
        await expect(client.apply(lost)).rejects.toMatchObject(fails('not_found'));
      });
    });

    describe('remove', () => {
      test('answers conflict for another uid, and not_found the second time', async () => {
        const { uid } = (await client.apply(configMap('removed', {}))).metadata;
        const other = client.remove(ref('removed'), { uid: `${uid.slice(0, -4)}0000`, propagation: 'Background' });
        await expect(other).rejects.toMatchObject(fails('conflict'));
        await client.remove(ref('removed'), { uid, propagation: 'Background' });
        await expect(client.remove(ref('removed'), { uid, propagation: 'Background' })).rejects.toMatchObject(
          fails('not_found'),
        );
      });

      test('answers conflict for an old version', async () => {
        const { uid, resourceVersion } = (await client.apply(configMap('aged', { a: '1' }))).metadata;
        await client.apply(configMap('aged', { a: '2' }));
        const late = client.remove(ref('aged'), { uid, resourceVersion, propagation: 'Background' });
        await expect(late).rejects.toMatchObject(fails('conflict'));
      });
    });

    describe('list', () => {
      test('gives 5 objects in pages of 2, 2 and 1, all at one version, each with its kind', async () => {
        const labels = { 'contract/list': 'yes' };
        for (const n of [1, 2, 3, 4, 5]) await client.apply(configMap(`row-${n}`, {}, labels));
        const options = { namespace, labelSelector: 'contract/list=yes', limit: 2 };
        const first = await client.list('ConfigMap', options);
        await client.apply(configMap('row-6', {}, labels));
        const second = await client.list('ConfigMap', { ...options, continue: first.continue ?? '' });
        const third = await client.list('ConfigMap', { ...options, continue: second.continue ?? '' });
        const pages = [first, second, third];
        expect(pages.map(({ items }) => items.map(({ metadata }) => metadata.name))).toEqual([
          ['row-1', 'row-2'],
          ['row-3', 'row-4'],
          ['row-5'],
        ]);
        expect(new Set(pages.map((page) => page.resourceVersion)).size).toBe(1);
        expect(third.continue).toBeUndefined();
        expect(first.items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
      });

      test.each([
        ['contract/tier=web', ['s-web']],
        ['contract/tier!=web,contract/tier', ['s-db']],
        ['contract/tier in (web,db)', ['s-db', 's-web']],
        ['contract/tier notin (web),contract/tier', ['s-db']],
        ['!contract/tier,contract/any=yes', ['s-none']],
      ])('understands the selector %s', async (labelSelector, names) => {
        await client.apply(configMap('s-web', {}, { 'contract/tier': 'web', 'contract/any': 'yes' }));
        await client.apply(configMap('s-db', {}, { 'contract/tier': 'db', 'contract/any': 'yes' }));
        await client.apply(configMap('s-none', {}, { 'contract/any': 'yes' }));
        const { items } = await client.list('ConfigMap', { namespace, labelSelector });
        expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
      });
    });

    test('patchLabels sets one label, removes another, leaves the rest, and honours the planned version', async () => {
      const { metadata } = await client.apply(
        configMap('labelled', {}, { 'contract/keep': '1', 'contract/drop': '1' }),
      );
      const { uid, resourceVersion } = metadata;
      const patched = await client.patchLabels(
        ref('labelled'),
        { 'contract/drop': null, 'contract/new': '2' },
        { uid, resourceVersion },
      );
      expect(patched.metadata.labels).toEqual({ 'contract/keep': '1', 'contract/new': '2' });
      const late = client.patchLabels(ref('labelled'), { 'contract/new': '3' }, { resourceVersion });
      await expect(late).rejects.toMatchObject(fails('conflict'));
      const other = client.patchLabels(
        ref('labelled'),
        { 'contract/new': '3' },
        { uid: '00000000-0000-4000-8000-000000000000' },
      );
      await expect(other).rejects.toMatchObject(fails('conflict'));
    });

    test('a kind that lives in namespaces is refused without one, as a mistake of the caller', async () => {
      await expect(async () => client.get({ kind: 'Pod', name: 'x' })).rejects.toThrow(TypeError);
    });

    describe('watch', () => {
      /** Rows as a table, and a way to wait until it looks as it should. */
      function table<Row extends { readonly name: string }>(
        projection: Projection<Row>,
        extra: Partial<WatchOptions<Row>> = {},
      ) {
        const rows = new Map<string, Row>();
        const told = new EventEmitter();
        const watch = client.watch<Row>({
          projection,
          onSynced: (all) => {
            rows.clear();
            for (const row of all) rows.set(row.name, row);
            told.emit('change');
          },
          onUpsert: (row) => {
            rows.set(row.name, row);
            told.emit('change');
          },
          onRemove: (row) => {
            rows.delete(row.name);
            told.emit('change');
          },
          ...extra,
        });
        const until = async (isThere: () => boolean) => {
          while (!isThere()) {
            cluster.advance();
            if (!isThere()) await once(told, 'change', { signal: AbortSignal.timeout(15_000) });
          }
        };
        return { rows, watch, until };
      }

      const configMaps: Projection<{ name: string; labels: Readonly<Record<string, string>> }> = {
        kind: 'ConfigMap',
        project: (object) => namespaceProjection.project(object),
      };

      test('tells what is there, then what is added, changed and removed, by its selector', async () => {
        const labels = { 'contract/watch': 'yes' };
        await client.apply(configMap('w-before', {}, labels));
        const { rows, watch, until } = table(configMaps, { namespace, labelSelector: 'contract/watch=yes' });
        await until(() => watch.isSynced());
        expect([...rows.keys()]).toEqual(['w-before']);

        await client.apply(configMap('w-other', {}));
        const added = await client.apply(configMap('w-added', {}, labels));
        await until(() => rows.has('w-added'));
        await client.apply(configMap('w-added', {}, { ...labels, 'contract/changed': 'yes' }));
        await until(() => rows.get('w-added')?.labels['contract/changed'] === 'yes');
        await client.remove(ref('w-added'), { uid: added.metadata.uid, propagation: 'Background' });
        await until(() => !rows.has('w-added'));
        await client.apply(configMap('w-before', {}));
        await until(() => !rows.has('w-before'));

        expect(watch.lists()).toBe(1);
        expect(watch.lastHeardAtMs()).toBeGreaterThan(Date.now() - 60_000);
        await watch.stop();
      });

      test('misses nothing over a lost connection, without a second list', async () => {
        const { rows, watch, until } = table(configMaps, { namespace, labelSelector: 'contract/lost=yes' });
        await until(() => watch.isSynced());
        await client.apply(configMap('l-1', {}, { 'contract/lost': 'yes' }));
        await until(() => rows.has('l-1'));
        cluster.dropWatches();
        await client.apply(configMap('l-2', {}, { 'contract/lost': 'yes' }));
        await until(() => rows.has('l-2'));
        expect(watch.lists()).toBe(1);
        await watch.stop();
      });

      test('says nothing after it was stopped', async () => {
        const { rows, watch, until } = table(configMaps, { namespace, labelSelector: 'contract/stopped=yes' });
        await until(() => watch.isSynced());
        await watch.stop();
        await client.apply(configMap('s-late', {}, { 'contract/stopped': 'yes' }));
        await client.get(ref('s-late'));
        expect(rows.size).toBe(0);
      });

      test('a Deployment of 2 replicas makes 2 pods with the labels of its service; a hand edit shows its manager', async () => {
        const labelSelector = `${berthLabels.serviceUid}=contract-1`;
        const deployments = table(deploymentProjection, { namespace, labelSelector });
        const pods = table(podProjection, { namespace, labelSelector });
        const { metadata } = await client.apply(deployment(namespace, 2, { 'berth.dev/template-hash': 'h1' }));
        await pods.until(() => pods.rows.size === 2);
        await deployments.until(() => deployments.rows.get('app')?.observedGeneration === 1);
        expect(deployments.rows.get('app')).toMatchObject({
          uid: metadata.uid,
          serviceUid: 'contract-1',
          templateHash: 'h1',
          generation: 1,
          replicas: { spec: 2 },
          image: 'registry.invalid/app:1',
          foreignManagers: {},
        });
        const [pod] = pods.rows.values();
        expect(pod).toMatchObject({
          serviceUid: 'contract-1',
          release: '1',
          ownerKind: 'ReplicaSet',
          container: 'app',
          image: 'registry.invalid/app:1',
        });
        expect(pod?.requests).toEqual({ cpuMillis: 10, memoryMiB: 16 });

        const byHand = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'app', namespace },
          spec: { replicas: 1 },
        } as const;
        await client.apply(byHand, { fieldManager: 'kubectl-edit' });
        await deployments.until(() => deployments.rows.get('app')?.replicas.spec === 1);
        expect(deployments.rows.get('app')?.foreignManagers).toMatchObject({ replicas: { manager: 'kubectl-edit' } });
        expect(deployments.rows.get('app')?.foreignManagers.image).toBeUndefined();

        const again = await client.apply(deployment(namespace, 2, { 'berth.dev/template-hash': 'h1' }));
        await deployments.until(() => deployments.rows.get('app')?.generation === again.metadata.generation);
        expect(again.metadata.generation).toBe(3);
        expect(deployments.rows.get('app')?.foreignManagers).toEqual({});

        await client.remove(
          { kind: 'Deployment', namespace, name: 'app' },
          { uid: metadata.uid, propagation: 'Background' },
        );
        await pods.until(() => pods.rows.size === 0);
        await Promise.all([deployments.watch.stop(), pods.watch.stop()]);
      }, 60_000);
    });

    test('version names the release of Kubernetes', async () => {
      expect((await client.version()).gitVersion).toMatch(/^v1\.\d+/);
    });

    test('accessReview answers each question in its order', async () => {
      const rules = [
        { verb: 'patch', group: 'apps', resource: 'deployments', namespace },
        { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace },
      ];
      const answers = await client.accessReview(rules);
      expect(answers.map(({ rule }) => rule)).toEqual(rules);
      expect(answers.every(({ allowed }) => typeof allowed === 'boolean')).toBe(true);
    });

    test('events of a namespace without any are an empty list', async () => {
      expect(await client.events(namespace, { fieldSelector: 'involvedObject.name=nobody' })).toEqual([]);
    });

    test('logs of a pod that does not exist answer not_found', async () => {
      await expect(client.logs(namespace, 'nobody')).rejects.toMatchObject(fails('not_found'));
    });

    test('an aborted call ends at once as unreachable', async () => {
      await expect(client.version({ signal: AbortSignal.abort() })).rejects.toMatchObject(fails('unreachable'));
    });
  });
}

/** An image that can never be pulled: the contract is about objects, not about running code. */
function deployment(namespace: string, replicas: number, annotations: Record<string, string>): KubeObject {
  const labels = { [berthLabels.serviceUid]: 'contract-1', [berthLabels.release]: '1' };
  const resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '10m', memory: '16Mi' } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace, labels, annotations },
    spec: {
      replicas,
      selector: { matchLabels: { [berthLabels.serviceUid]: 'contract-1' } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          containers: [{ name: 'app', image: 'registry.invalid/app:1', resources }],
        },
      },
    },
  };
}
