import { FakeCluster, type AccessRule } from '@berth/clients/kubernetes';
import { describe, expect, test } from '@jest/globals';
import { askCluster, checksOf, refusedChecks, type ClusterAnswers } from './kubeconfig-check.js';

async function checks(
  prepare: (cluster: FakeCluster) => void = () => undefined,
  version = 'v1.34.4',
  change: Partial<ClusterAnswers> = {},
) {
  const cluster = new FakeCluster();
  prepare(cluster);
  const answers = await askCluster(cluster.client(), new AbortController().signal);
  const around = { installationId: 'spec', projectSlugs: ['shop'], registries: ['hub.example:5000'] };
  return Object.fromEntries(checksOf({ ...answers, version, ...change }, around).map((check) => [check.name, check]));
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
      code: 'foreign',
      params: { names: 'any-dev, shop-prod', count: 2 },
      detail: 'not ours and left alone: any-dev, shop-prod',
    });
  });

  test('images of the registry on 1 node prove that it is pulled from; without any the check was not made', async () => {
    const withImages = async (images: string[] | null) =>
      (await checks(undefined, undefined, { images }))['image_pull'];
    expect(await withImages(['hub.example:5000/berth/pause:1'])).toMatchObject({ state: 'ok', code: 'pulled' });
    expect(await withImages(['hub.example:50001/berth/pause:1', 'quay.io/etcd:3'])).toMatchObject({
      state: 'warning',
      code: 'pull_not_checked',
      params: { registries: 'hub.example:5000' },
    });
    expect(await withImages(null)).toMatchObject({ state: 'warning', code: 'not_listed' });
  });

  test('a cluster that refuses the credential was reached; one that is silent has 1 row', () => {
    expect(refusedChecks({ kind: 'unauthorized', message: 'no' }).map(({ name, state }) => [name, state])).toEqual([
      ['reachable', 'ok'],
      ['rights', 'failed'],
    ]);
    expect(refusedChecks({ kind: 'unreachable', message: 'refused' })).toMatchObject([
      { name: 'reachable', state: 'failed', code: 'no_answer', params: { reason: 'refused' } },
    ]);
  });
});
