import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '@berth/api';
import type { Cluster, Operation } from '@berth/api';
import type { ApiUser } from './api-user.js';

/** A cluster to join, with the kubeconfig of its least rights. */
export interface JoiningCluster {
  readonly name: string;
  readonly displayName: string;
  readonly site: string;
  readonly kubeconfigFile: string;
}

/** Joins every cluster that is not registered yet: check and seal its credential, register it, wait until it is ready. */
export async function joinClusters(
  user: ApiUser,
  clusters: readonly JoiningCluster[],
  report: (detail: string) => void,
): Promise<void> {
  const { items } = await user.ok(routes.listClusters);
  const known = new Set(items.map((cluster) => cluster.name));
  for (const { name, displayName, site, kubeconfigFile } of clusters.filter((cluster) => !known.has(cluster.name))) {
    report(`${name}: checking its kubeconfig`);
    const sealed = await user.ok(routes.sealClusterCredential, {
      body: { name, kubeconfig: readFileSync(kubeconfigFile, 'utf8') },
    });
    if (!sealed.credential) {
      const failed = sealed.checks
        .filter((check) => check.state === 'failed')
        .map((check) => `${check.name}: ${check.detail}`);
      throw new Error(`${name} cannot join: ${failed.join('; ')}`);
    }
    report(`${name}: joining`);
    const { apiServer, caPem, credential } = sealed;
    const body = { name, displayName, site, reach: 'podIP', apiServer, caPem, credential };
    expectSucceeded(`joining ${name}`, await user.operate(routes.registerCluster, { body }));
  }
}

/** After a stop the clusters were silent for a while: waits until each is heard again, and readmits one that was given up. */
export async function awaitClusters(user: ApiUser, report: (detail: string) => void): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { items } = await user.ok(routes.listClusters);
    const unwell = items.filter((cluster) => !isWell(cluster, Date.now()));
    const [first] = unwell;
    if (!first) return;
    if (Date.now() > deadline) throw new Error(`${first.name} is ${first.phase}: ${first.reason}`);
    report(unwell.map((cluster) => `${cluster.name} is ${cluster.phase}`).join(', '));
    for (const { name, phase } of unwell)
      if (phase === 'quarantined')
        await user.operate(routes.readmitCluster, { params: { cluster: name }, body: { cause: 'npm run up' } });
    await delay(500);
  }
}

/** Ready, and said so lately: what stands in the table right after a start may be from before the stop. */
export function isWell(cluster: Pick<Cluster, 'phase' | 'watch' | 'heardAt'>, nowMs: number): boolean {
  if (cluster.phase !== 'ready' || cluster.watch !== 'live' || cluster.heardAt === null) return false;
  return nowMs - Date.parse(cluster.heardAt) < 15_000;
}

function expectSucceeded(what: string, operation: Operation): void {
  if (operation.state !== 'succeeded')
    throw new Error(`${what}: ${operation.state}: ${operation.problem?.detail ?? ''}`);
}
