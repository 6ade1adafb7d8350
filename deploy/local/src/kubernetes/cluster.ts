import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.js';
import type { Network } from '../network.js';
import { clusterNames, rangesOf, spareCluster, type ClusterName } from '../state.js';
import type { ClusterRanges } from '../choose.js';
import type { ProcessSpec, User } from '../unit.js';
import { giveFile } from '../user.js';
import { KubeApi } from './api.js';
import { kubeBinary } from './binary.js';
import { joinDirectories } from './cgroup.js';
import { Authority } from './certificates.js';

/** One local Kubernetes cluster: names, addresses and places, no state. */
export interface LocalCluster {
  name: ClusterName;
  nodeName: string;
  ranges: ClusterRanges;
  network: Network;
  /** Control group of everything that belongs to it. */
  cgroup: string;
  /** Data that stays over restarts. */
  dir: string;
  /** Sockets, mounts and the state of running containers. */
  runtimeDir: string;
  server: string;
  authority: Authority;
  /** Full rights; for people and tests. */
  adminKubeconfig: string;
  /** The credential with the least rights that the platform's work needs. */
  platformKubeconfig: string;
}

function localCluster(context: Context, name: ClusterName, index: number): LocalCluster {
  const { instance } = context.state;
  const ranges = rangesOf(context.state, name);
  const dir = context.path('clusters', name);
  return {
    name,
    nodeName: `${name}-1`,
    ranges,
    network: {
      namespace: `berth-${instance}-${name}`,
      hostLink: `b${instance}c${index}`,
      hostAddress: ranges.hostAddress,
      nodeAddress: ranges.nodeAddress,
      routes: [ranges.pods],
    },
    cgroup: `berth-${instance}-${name}`,
    dir,
    runtimeDir: context.runtime(name),
    server: `https://${ranges.nodeAddress}:6443`,
    authority: new Authority(join(dir, 'pki')),
    adminKubeconfig: join(dir, 'admin.kubeconfig'),
    platformKubeconfig: join(dir, 'platform.kubeconfig'),
  };
}

/** The clusters that are made here; none when existing ones were given. */
export function localClusters(context: Context): LocalCluster[] {
  if (context.settings.kubeconfigs.length > 0 || context.state.octet === undefined) return [];
  return clusterNames
    .map((name, index) => localCluster(context, name, index))
    .filter(({ name }) => context.desired.spare || name !== spareCluster);
}

export function adminApi(cluster: LocalCluster): KubeApi {
  return new KubeApi(cluster.server, cluster.authority.ca.certificate, cluster.authority.pair('admin'));
}

export function platformApi(cluster: LocalCluster): KubeApi {
  return new KubeApi(cluster.server, cluster.authority.ca.certificate, cluster.authority.pair('platform'));
}

/** What every unit of a cluster says of itself: `beijing.kubelet`. */
export function clusterUnit(cluster: LocalCluster, component: string, needs: string[]) {
  return {
    kind: 'process',
    name: `${cluster.name}.${component}`,
    title: `${cluster.name}: ${component}`,
    group: 'cluster',
    needs,
  } as const;
}

/** A process inside the cluster's network namespace and control group, run by root. */
export function clusterProcess(context: Context, cluster: LocalCluster, command: [string, ...string[]]): ProcessSpec {
  return {
    command,
    env: { ...context.settings.childEnv, HOME: cluster.dir },
    cwd: cluster.dir,
    netns: cluster.network.namespace,
    cgroups: joinDirectories(cluster.cgroup),
  };
}

/** One component of Kubernetes with its flags. */
export function kubeProcess(
  context: Context,
  cluster: LocalCluster,
  component: string,
  flags: Record<string, string | number | boolean>,
): ProcessSpec {
  const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  return clusterProcess(context, cluster, [kubeBinary(context.settings), component, ...args]);
}

/** Copies of what Prometheus needs to read one cluster's metrics, owned by its user. */
export function metricsCredentials(cluster: LocalCluster, dir: string, user: User | undefined) {
  const place = (from: string, name: string) => {
    const to = join(dir, `${cluster.name}-${name}`);
    copyFileSync(from, to);
    giveFile(to, user);
    return to;
  };
  const pair = cluster.authority.pair('metrics');
  return {
    ca_file: place(cluster.authority.ca.certificate, 'ca.crt'),
    cert_file: place(pair.certificate, 'metrics.crt'),
    key_file: place(pair.key, 'metrics.key'),
  };
}
