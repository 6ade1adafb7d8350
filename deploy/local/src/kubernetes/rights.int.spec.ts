import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { readSettings } from '../config.js';
import { makeContext } from '../context.js';
import { ensureSecrets, readDesired, readState } from '../state.js';
import { KubeApi } from './api.js';
import { adminApi, localClusters, platformApi } from './cluster.js';

const settings = readSettings();
const state = readState(settings);
if (!state) throw new Error('no platform runs here: npm run up');
const context = makeContext({
  settings,
  state,
  secrets: ensureSecrets(settings),
  desired: readDesired(settings),
  user: undefined,
});
const clusters = localClusters(context);
const installation = `berth:installation:${state.installation}`;
const own = `rights-${Date.now().toString(36)}`;
const foreign = `foreign-${Date.now().toString(36)}`;

const namespace = (name: string, mark = state.installation, level = 'restricted') => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'berth.dev/installation': mark, 'pod-security.kubernetes.io/enforce': level } },
});

const binding = (role = 'berth-workloads', group = installation) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'berth-workloads' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
});

const bindingsOf = (name: string) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`;
const secretsOf = (name: string) => `/api/v1/namespaces/${name}/secrets`;

describe.each(clusters.map((cluster) => [cluster.name, cluster] as const))(
  'rights of the platform in %s',
  (_name, cluster) => {
    let berth: KubeApi;
    let admin: KubeApi;
    const status = async (...call: Parameters<KubeApi['call']>) => (await berth.call(...call)).status;
    const merge = 'application/merge-patch+json';
    const label = (name: string, labels: object) =>
      status('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels } }, merge);

    beforeAll(async () => {
      berth = platformApi(cluster);
      admin = adminApi(cluster);
      expect(
        (await admin.call('POST', '/api/v1/namespaces', { ...namespace(foreign), metadata: { name: foreign } })).status,
      ).toBe(201);
    });

    afterAll(async () => {
      for (const name of [own, foreign]) await admin.call('DELETE', `/api/v1/namespaces/${name}`);
    });

    test('secrets and config maps of kube-system answer 403', async () => {
      expect(await status('GET', secretsOf('kube-system'))).toBe(403);
      expect(await status('GET', '/api/v1/namespaces/kube-system/configmaps')).toBe(403);
      expect(await status('GET', '/api/v1/secrets')).toBe(403);
    });

    test('a namespace needs its installation, a pod security level and a name that is not the system’s', async () => {
      const make = (body: object) => status('POST', '/api/v1/namespaces', body);
      expect(await make(namespace(`${own}-a`, 'another'))).toBe(403);
      expect(await make({ ...namespace(`${own}-b`), metadata: { name: `${own}-b` } })).toBe(403);
      expect(await make(namespace(`${own}-c`, state.installation, 'privileged'))).toBe(403);
      expect(await make(namespace('kube-shop'))).toBe(403);
      expect(await make(namespace(own))).toBe(201);
    });

    test('in its own namespace it may read secrets only after binding berth-workloads to itself', async () => {
      expect(await status('GET', secretsOf(own))).toBe(403);
      expect(await status('POST', bindingsOf(own), binding('cluster-admin'))).toBe(403);
      expect(await status('POST', bindingsOf(own), binding('berth-workloads', 'system:authenticated'))).toBe(403);
      expect(await status('POST', bindingsOf(own), binding())).toBe(201);
      // The apiserver learns of a new binding from its own watch, some milliseconds later.
      const end = Date.now() + 5_000;
      while ((await status('GET', secretsOf(own))) !== 200 && Date.now() < end) await delay(20);
      expect(await status('GET', secretsOf(own))).toBe(200);
      expect(await status('GET', secretsOf('kube-system'))).toBe(403);
    });

    test('it cannot bind itself anything in kube-system, in default or in a namespace of others', async () => {
      for (const name of ['kube-system', 'default', foreign])
        expect(await status('POST', bindingsOf(name), binding())).toBe(403);
    });

    test('it cannot take, change or delete a namespace that is not its own', async () => {
      for (const name of ['kube-system', 'default', foreign]) {
        expect(await label(name, { 'berth.dev/installation': state.installation })).toBe(403);
        expect(await status('DELETE', `/api/v1/namespaces/${name}`)).toBe(403);
      }
    });

    test('it cannot open its own namespace to privileged pods or give the mark away', async () => {
      expect(await label(own, { 'pod-security.kubernetes.io/enforce': 'privileged' })).toBe(403);
      expect(await label(own, { 'berth.dev/installation': 'another' })).toBe(403);
      expect(await label(own, { 'example.com/note': 'fine' })).toBe(200);
    });

    test('it watches pods, deployments and events of the whole cluster', async () => {
      for (const path of ['/api/v1/pods', '/apis/apps/v1/deployments', '/api/v1/events', '/api/v1/nodes']) {
        expect(await status('GET', `${path}?limit=1`)).toBe(200);
      }
    });

    test('it deletes its own namespace', async () => {
      expect(await status('DELETE', `/api/v1/namespaces/${own}`)).toBe(200);
    });
  },
);

describe.each(clusters.map((cluster) => [cluster.name, cluster] as const))(
  'the credential for metrics in %s',
  (_name, cluster) => {
    const { certificate } = cluster.authority.ca;
    const kubelet = new KubeApi(
      `https://${cluster.ranges.nodeAddress}:10250`,
      certificate,
      cluster.authority.pair('metrics'),
    );
    const apiserver = new KubeApi(cluster.server, certificate, cluster.authority.pair('metrics'));

    test('reads the metrics of the kubelet', async () => {
      const { status, body } = await kubelet.call('GET', '/metrics/resource');
      expect(status).toBe(200);
      expect(String(body)).toContain('container_cpu_usage_seconds_total');
    });

    test('can neither list pods, nor run commands in them, nor use the apiserver as a way to the kubelet', async () => {
      expect((await kubelet.call('GET', '/pods')).status).toBe(403);
      expect((await kubelet.call('POST', '/exec/default/some/main?command=id')).status).toBe(403);
      expect((await apiserver.call('GET', `/api/v1/nodes/${cluster.nodeName}/proxy/metrics`)).status).toBe(403);
      expect((await apiserver.call('GET', secretsOf('kube-system'))).status).toBe(403);
    });
  },
);
