import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { ensureNetwork, removeNetwork } from '../network.js';
import { ensureDir } from '../paths.js';
import { run } from '../run.js';
import type { TaskUnit } from '../unit.js';
import { ensureCgroup, killCgroup, removeCgroup } from './cgroup.js';
import type { LocalCluster } from './cluster.js';
import { writeKubeconfig } from './kubeconfig.js';

/** What a cluster stands on: network namespace, control group, mounts, certificates. Its undo leaves nothing of them. */
export function hostUnit(context: Context, cluster: LocalCluster): TaskUnit {
  return {
    kind: 'task',
    name: `${cluster.name}.host`,
    title: `${cluster.name}: network ${cluster.ranges.pods}, certificates`,
    group: 'cluster',
    needs: [],
    async run() {
      ensureDir(cluster.dir, 0o755);
      await ensureNetwork(cluster.network);
      ensureCgroup(cluster.cgroup);
      await ensureKubeletMount(cluster);
      await ensureCertificates(context, cluster);
    },
    undo: () => removeTraces(cluster),
  };
}

/** The kubelet's folder under the short runtime path: sockets in it may have 107 bytes only. */
export const kubeletDir = (cluster: LocalCluster): string => join(cluster.runtimeDir, 'kubelet');

async function ensureKubeletMount(cluster: LocalCluster): Promise<void> {
  const target = ensureDir(kubeletDir(cluster));
  const source = ensureDir(join(cluster.dir, 'kubelet'));
  if (!mountsUnder(target).includes(target)) await run('mount', ['--bind', source, target]);
}

export async function removeTraces(cluster: LocalCluster): Promise<void> {
  await killCgroup(cluster.cgroup);
  removeContainerFiles(cluster);
  for (const target of [...mountsUnder(cluster.runtimeDir), ...mountsUnder(cluster.dir)].sort().reverse()) {
    await run('umount', ['-l', target]).catch(() => undefined);
  }
  removeCgroup(cluster.cgroup);
  await removeNetwork(cluster.network);
  rmSync(cluster.runtimeDir, { recursive: true, force: true });
  // No pod is left, so none of its addresses is taken either.
  rmSync(join(cluster.dir, 'addresses'), { recursive: true, force: true });
  removeLogLinks(cluster);
}

/** Mount points at or below a path, as the kernel has them now. */
export function mountsUnder(path: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll('\\040', ' '))
    .filter((target) => target === path || target.startsWith(`${path}/`));
}

/** Killed containers leave files in two folders that all containerds of a machine share: sockets and network results. */
function removeContainerFiles(cluster: LocalCluster): void {
  const tasks = join(cluster.runtimeDir, 'containerd', 'io.containerd.runtime.v2.task', 'k8s.io');
  const ids = existsSync(tasks) ? readdirSync(tasks) : [];
  for (const id of ids) {
    const address = join(tasks, id, 'address');
    if (!existsSync(address)) continue;
    const socket = readFileSync(address, 'utf8')
      .trim()
      .replace(/^unix:\/\//, '');
    if (socket.startsWith('/run/containerd/s/')) rmSync(socket, { force: true });
  }
  const results = '/var/lib/cni/results';
  for (const name of existsSync(results) ? readdirSync(results) : []) {
    if (name.startsWith(`${cluster.cgroup}-`) || ids.some((id) => name.includes(id)))
      rmSync(join(results, name), { force: true });
  }
}

/** The kubelet links every log from /var/log/containers, a path that it cannot change. */
export function logLinks(cluster: LocalCluster): string[] {
  const dir = '/var/log/containers';
  return (existsSync(dir) ? readdirSync(dir) : [])
    .map((name) => join(dir, name))
    .filter((link) => {
      try {
        return readlinkSync(link).startsWith(`${cluster.dir}/`);
      } catch {
        return false;
      }
    });
}

function removeLogLinks(cluster: LocalCluster): void {
  for (const link of logLinks(cluster)) rmSync(link, { force: true });
}

async function ensureCertificates(context: Context, cluster: LocalCluster): Promise<void> {
  const { authority, ranges, nodeName } = cluster;
  await authority.ensureAuthority(`berth-${context.state.instance}-${cluster.name}`);
  await authority.ensureSigningKey();
  const node = [`IP:${ranges.nodeAddress}`, 'IP:127.0.0.1', 'DNS:localhost'];
  const service = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  const names = [...node, `IP:${ranges.firstService}`, ...service.map((name) => `DNS:${name}`)];
  await Promise.all([
    authority.ensure('apiserver', { commonName: 'kube-apiserver', names }),
    authority.ensure('etcd', { commonName: 'etcd', names: node }),
    authority.ensure('etcd-client', { commonName: 'kube-apiserver-etcd-client' }),
    authority.ensure('kubelet-server', { commonName: `system:node:${nodeName}`, names: [...node, `DNS:${nodeName}`] }),
    authority.ensure('kubelet-client', { commonName: 'berth:kubelet-api' }),
    authority.ensure('metrics', { commonName: 'berth:metrics' }),
    authority.ensure('volumes', { commonName: 'berth:volumes' }),
  ]);
  const component = async (file: string, commonName: string, organisations: string[] = []) => {
    const pair = await authority.ensure(file.replace('.kubeconfig', ''), { commonName, organisations });
    writeKubeconfig(join(cluster.dir, file), cluster.name, cluster.server, authority.ca.certificate, pair);
  };
  await component('admin.kubeconfig', 'berth:admin', ['system:masters']);
  await component('controller-manager.kubeconfig', 'system:kube-controller-manager');
  await component('scheduler.kubeconfig', 'system:kube-scheduler');
  await component('proxy.kubeconfig', 'system:kube-proxy');
  await component('node.kubeconfig', `system:node:${nodeName}`, ['system:nodes']);
  await component('dns.kubeconfig', 'berth:dns');
  // The groups are what rights are bound to; the second one names the installation, which the admission rules compare.
  await component('platform.kubeconfig', 'berth', [
    'berth:platform',
    `berth:installation:${context.state.installation}`,
  ]);
  mkdirSync(cluster.runtimeDir, { recursive: true });
}
