import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { z } from 'zod';
import type { Context } from '../context.js';
import type { ProcessUnit, Unit } from '../unit.js';
import { adminApi, clusterUnit, kubeProcess, type LocalCluster } from './cluster.js';

/** etcd, apiserver, controller-manager and scheduler of one cluster. */
export function controlPlaneUnits(context: Context, cluster: LocalCluster): Unit[] {
  return [
    etcd(context, cluster),
    apiserver(context, cluster),
    controllerManager(context, cluster),
    scheduler(context, cluster),
  ];
}

function etcd(context: Context, cluster: LocalCluster): ProcessUnit {
  const { authority, dir, ranges } = cluster;
  const client = `https://${ranges.nodeAddress}:2379`;
  const peer = 'http://127.0.0.1:2380';
  const server = authority.pair('etcd');
  return {
    ...clusterUnit(cluster, 'etcd', ['kubernetes-binary', `${cluster.name}.host`]),
    // The services wait for Kafka, and their start takes longer than that of a cluster.
    after: ['kafka'],
    process: () =>
      Promise.resolve(
        kubeProcess(context, cluster, 'etcd', {
          'data-dir': join(dir, 'etcd'),
          'listen-client-urls': client,
          'advertise-client-urls': client,
          'client-cert-auth': true,
          'trusted-ca-file': authority.ca.certificate,
          'cert-file': server.certificate,
          'key-file': server.key,
          'listen-peer-urls': peer,
          'initial-advertise-peer-urls': peer,
          'initial-cluster': `default=${peer}`,
          'log-level': 'warn',
        }),
      ),
    ready: () => etcdHealth(cluster, client),
  };
}

function etcdHealth(cluster: LocalCluster, server: string): Promise<void> {
  const client = cluster.authority.pair('etcd-client');
  const files = { ca: cluster.authority.ca.certificate, cert: client.certificate, key: client.key };
  const tls = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, readFileSync(file)]));
  return new Promise((resolve, reject) => {
    const check = request(`${server}/health`, { agent: new Agent(tls), timeout: 3_000 }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else reject(new Error(`etcd answers ${answer.statusCode ?? 'nothing'}`));
    });
    check.on('timeout', () => check.destroy(new Error('etcd does not answer in 3 s')));
    check.on('error', reject);
    check.end();
  });
}

function apiserver(context: Context, cluster: LocalCluster): ProcessUnit {
  const { authority, ranges, dir } = cluster;
  const [server, etcdClient, kubeletClient] = ['apiserver', 'etcd-client', 'kubelet-client'].map((name) =>
    authority.pair(name),
  );
  const signing = { publicKey: join(dir, 'pki/service-account.pub'), privateKey: join(dir, 'pki/service-account.key') };
  return {
    ...clusterUnit(cluster, 'apiserver', [`${cluster.name}.etcd`]),
    process: () =>
      Promise.resolve(
        kubeProcess(context, cluster, 'kube-apiserver', {
          'etcd-servers': `https://${ranges.nodeAddress}:2379`,
          'etcd-cafile': authority.ca.certificate,
          'etcd-certfile': etcdClient?.certificate ?? '',
          'etcd-keyfile': etcdClient?.key ?? '',
          'bind-address': ranges.nodeAddress,
          'advertise-address': ranges.nodeAddress,
          'secure-port': 6443,
          'tls-cert-file': server?.certificate ?? '',
          'tls-private-key-file': server?.key ?? '',
          'client-ca-file': authority.ca.certificate,
          'kubelet-certificate-authority': authority.ca.certificate,
          'kubelet-client-certificate': kubeletClient?.certificate ?? '',
          'kubelet-client-key': kubeletClient?.key ?? '',
          'kubelet-preferred-address-types': 'InternalIP',
          'service-cluster-ip-range': ranges.services,
          'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
          'service-account-key-file': signing.publicKey,
          'service-account-signing-key-file': signing.privateKey,
          'authorization-mode': 'Node,RBAC',
          'enable-admission-plugins': 'NodeRestriction',
          'allow-privileged': true,
          'shutdown-delay-duration': '0s',
          profiling: false,
        }),
      ),
    ready: async () => {
      const { status, body } = await adminApi(cluster).call('GET', '/readyz');
      if (status !== 200)
        throw new Error(
          `apiserver answers ${status} ${String(body)
            .split('\n')
            .filter((line) => line.startsWith('[-]'))
            .join(' ')}`,
        );
    },
  };
}

const accountSchema = z.looseObject({ metadata: z.looseObject({ uid: z.string() }) });

function controllerManager(context: Context, cluster: LocalCluster): ProcessUnit {
  return {
    ...clusterUnit(cluster, 'controller-manager', [`${cluster.name}.apiserver`]),
    process: () =>
      Promise.resolve(
        kubeProcess(context, cluster, 'kube-controller-manager', {
          kubeconfig: join(cluster.dir, 'controller-manager.kubeconfig'),
          'service-account-private-key-file': join(cluster.dir, 'pki/service-account.key'),
          'root-ca-file': cluster.authority.ca.certificate,
          'use-service-account-credentials': true,
          'cluster-cidr': cluster.ranges.pods,
          'allocate-node-cidrs': true,
          'node-cidr-mask-size': 24,
          'secure-port': 0,
          'leader-elect': false,
          profiling: false,
        }),
      ),
    // Made by one of its controllers, so its presence shows that they run.
    ready: async () =>
      void (await adminApi(cluster).read('/api/v1/namespaces/default/serviceaccounts/default', accountSchema)),
  };
}

function scheduler(context: Context, cluster: LocalCluster): ProcessUnit {
  return {
    ...clusterUnit(cluster, 'scheduler', [`${cluster.name}.apiserver`]),
    process: () =>
      Promise.resolve(
        kubeProcess(context, cluster, 'kube-scheduler', {
          kubeconfig: join(cluster.dir, 'scheduler.kubeconfig'),
          'secure-port': 0,
          'leader-elect': false,
          profiling: false,
        }),
      ),
  };
}
