import { FakeCluster, type AccessRule } from '@berth/clients/kubernetes';
import { describe, expect, test } from '@jest/globals';
import { askCluster, checksOf } from './kubeconfig-check.js';

async function checks(prepare: (cluster: FakeCluster) => void = () => undefined, version = 'v1.34.4') {
  const cluster = new FakeCluster();
  prepare(cluster);
  const answers = await askCluster(cluster.client(), new AbortController().signal);
  return Object.fromEntries(checksOf({ ...answers, version }, 'spec', ['shop']).map((check) => [check.name, check]));
}

const isIn =
  (group: string, ...resources: string[]) =>
  (rule: AccessRule) =>
    rule.group === group && resources.includes(rule.resource);

describe('the check of a kubeconfig', () => {
  test('a cluster of one ready node that allows everything passes', async () => {
    const found = await checks();
    for (const name of ['reachable', 'version', 'rights', 'nodes', 'foreign_objects'])
      expect(found[name]?.state).toBe('ok');
    expect(found['storage_class']).toMatchObject({ state: 'warning', detail: 'there is none' });
  });

  test('1.29 is too old: it has no drain before the stop; 1.30 is enough', async () => {
    expect((await checks(undefined, 'v1.29.9'))['version']?.state).toBe('failed');
    expect((await checks(undefined, 'v1.30.0-eks'))['version']?.state).toBe('ok');
  });

  test('rights to write are enough when they can be bound, or when they hold everywhere; without both they are named', async () => {
    const secrets = isIn('', 'secrets');
    const binds = isIn('rbac.authorization.k8s.io', 'rolebindings');
    expect((await checks((cluster) => cluster.setAccess((rule) => !secrets(rule))))['rights']?.state).toBe('ok');
    expect((await checks((cluster) => cluster.setAccess((rule) => !binds(rule))))['rights']?.state).toBe('ok');
    const neither = await checks((cluster) => cluster.setAccess((rule) => !binds(rule) && !secrets(rule)));
    expect(neither['rights']).toMatchObject({ state: 'failed' });
    expect(neither['rights']?.detail).toContain('create secrets');
    const blind = await checks((cluster) => cluster.setAccess((rule) => !isIn('', 'nodes')(rule)));
    expect(blind['rights']?.detail).toBe('missing: list nodes, watch nodes');
  });

  test('namespaces that look like ours or belong to another installation are named and are no failure', async () => {
    const mark = (id: string) => ({ 'berth.dev/installation': id });
    const found = await checks((cluster) => {
      cluster.seed({ kind: 'Namespace', metadata: { name: 'shop-prod' } });
      cluster.seed({ kind: 'Namespace', metadata: { name: 'shop-test', labels: mark('spec') } });
      cluster.seed({ kind: 'Namespace', metadata: { name: 'any-dev', labels: mark('other') } });
      cluster.seed({ kind: 'Namespace', metadata: { name: 'monitoring' } });
    });
    expect(found['foreign_objects']).toMatchObject({
      state: 'warning',
      detail: 'not ours and left alone: any-dev, shop-prod',
    });
  });
});
