import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readSettings } from '../config.js';
import type { Context } from '../context.js';
import { loadContext } from '../load-context.js';
import { messageOf } from '../runner.js';
import type { ProcessUnit } from '../unit.js';
import { KubeApi } from './api.js';
import { localClusters, type LocalCluster } from './cluster.js';
import { claimListSchema, planVolumes, volumeFor, volumeListSchema, type VolumeStep } from './volumes.js';

const everyMs = 1_500;

/** One process for the volumes of all local clusters. It holds its own credential, which knows claims and volumes only. */
export function volumeUnit(context: Context, clusters: LocalCluster[]): ProcessUnit {
  const { settings } = context;
  return {
    kind: 'process',
    name: 'volumes',
    title: `volumes of ${clusters.length} clusters`,
    group: 'cluster',
    needs: clusters.map((cluster) => `${cluster.name}.manifests`),
    process: () =>
      Promise.resolve({
        command: [
          settings.node,
          '--max-old-space-size=64',
          join(settings.checkout, 'deploy/local/dist/main.js'),
          'volumes',
        ],
        env: { ...settings.childEnv, BERTH_STATE_DIR: settings.stateDir },
        cwd: settings.checkout,
      }),
  };
}

/** Runs until it is killed; every step is safe to repeat. */
export async function runVolumeMaker(): Promise<never> {
  const apis = localClusters(await loadContext(readSettings())).map((cluster) => {
    const { certificate, key } = cluster.authority.pair('volumes');
    return { cluster, api: new KubeApi(cluster.server, cluster.authority.ca.certificate, { certificate, key }) };
  });
  for (;;) {
    for (const { cluster, api } of apis) {
      await once(cluster, api).catch((error: unknown) => console.error(`${cluster.name}: ${messageOf(error)}`));
    }
    await delay(everyMs);
  }
}

async function once(cluster: LocalCluster, api: KubeApi): Promise<void> {
  const claims = await api.read('/api/v1/persistentvolumeclaims', claimListSchema);
  const volumes = await api.read('/api/v1/persistentvolumes', volumeListSchema);
  for (const step of planVolumes(cluster.nodeName, claims.items, volumes.items)) await act(cluster, api, step);
}

async function act(cluster: LocalCluster, api: KubeApi, step: VolumeStep): Promise<void> {
  const path = join(cluster.dir, 'volumes', step.name);
  if (step.do === 'make') {
    mkdirSync(path, { recursive: true });
    // Containers have users of their own choice; who may mount it is decided by the claim.
    chmodSync(path, 0o777);
    await api.apply(volumeFor(cluster.nodeName, path, step.name, step.claim));
    console.log(`${cluster.name}: made ${step.name} for ${step.claim.metadata.namespace}/${step.claim.metadata.name}`);
  } else {
    rmSync(path, { recursive: true, force: true });
    await api.call('DELETE', `/api/v1/persistentvolumes/${step.name}`);
    console.log(`${cluster.name}: removed ${step.name}`);
  }
}
