import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.js';
import type { TaskUnit } from '../unit.js';
import { parseManifests, type KubeObject } from './api.js';
import { adminApi, type LocalCluster } from './cluster.js';

const files = ['cluster.yaml', 'berth-clusterrole.yaml', 'berth-admission.yaml', 'berth-metrics.yaml'];

/** Rights, admission rules, storage class and the address of the cluster's DNS. */
export function manifestsUnit(context: Context, cluster: LocalCluster): TaskUnit {
  return {
    kind: 'task',
    name: `${cluster.name}.manifests`,
    title: `${cluster.name}: rights, storage class`,
    group: 'cluster',
    needs: [`${cluster.name}.apiserver`],
    async run() {
      const api = adminApi(cluster);
      const dir = join(context.settings.checkout, 'deploy/local/manifests');
      const objects = files.flatMap((name) => parseManifests(readFileSync(join(dir, name), 'utf8')));
      for (const object of [...objects, ...dnsService(cluster)]) await api.apply(object);
    },
  };
}

/** CoreDNS is a process of the node, so its service has no selector and names the node's address itself. */
function dnsService(cluster: LocalCluster): KubeObject[] {
  const metadata = { name: 'kube-dns', namespace: 'kube-system', labels: { 'kubernetes.io/service-name': 'kube-dns' } };
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: cluster.ranges.dns, ports } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      endpoints: [{ addresses: [cluster.ranges.nodeAddress], conditions: { ready: true } }],
      ports,
    },
  ];
}
