import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Context } from '../context.js';
import { registryProcess } from '../engines/registry.js';
import { ensureDir } from '../paths.js';
import { expectConnection, expectHttp } from '../probe.js';
import { writeText } from '../state.js';
import type { ProcessUnit, Unit } from '../unit.js';
import { coreDnsBinary } from './binary.js';
import { joinDirectories } from './cgroup.js';
import { adminApi, clusterProcess, clusterUnit, kubeProcess, type LocalCluster } from './cluster.js';
import { containerdConfig } from './containerd.js';
import { kubeletDir } from './host.js';

/** Everything of the one node: registry, containerd, kubelet, kube-proxy, cluster DNS. */
export function nodeUnits(context: Context, cluster: LocalCluster): Unit[] {
  const units = [
    containerd(context, cluster),
    kubelet(context, cluster),
    proxy(context, cluster),
    dns(context, cluster),
  ];
  return context.settings.external.registry ? units : [nodeRegistry(context, cluster), ...units];
}

/** The registry's read-only process on the node's own loopback. */
function nodeRegistry(context: Context, cluster: LocalCluster): ProcessUnit {
  return {
    ...clusterUnit(cluster, 'registry', [`${cluster.name}.host`, 'registry']),
    process: () =>
      Promise.resolve({
        ...registryProcess(context, `registry-${cluster.name}`, true),
        netns: cluster.network.namespace,
        cgroups: joinDirectories(cluster.cgroup),
      }),
  };
}

function containerd(context: Context, cluster: LocalCluster): ProcessUnit {
  const socket = containerdSocket(cluster);
  return {
    ...clusterUnit(cluster, 'containerd', [`${cluster.name}.host`]),
    process() {
      const file = join(cluster.dir, 'containerd.toml');
      const { config, files, version } = containerdConfig(context, cluster, socket);
      ensureDir(cluster.runtimeDir);
      for (const [path, text] of Object.entries(files)) {
        ensureDir(join(path, '..'));
        writeText(path, text, 0o644);
      }
      writeText(file, config, 0o644);
      return Promise.resolve({ ...clusterProcess(context, cluster, ['containerd', '--config', file]), version });
    },
    ready: () => expectConnection({ path: socket }),
  };
}

const containerdSocket = (cluster: LocalCluster): string => join(cluster.runtimeDir, 'containerd.sock');

const kubeletHealthPort = 10248;
const leaseSchema = z.looseObject({ spec: z.looseObject({ renewTime: z.string() }) });
const leaseFreshMs = 15_000;

const nodeSchema = z.looseObject({
  status: z.looseObject({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() })),
  }),
});

function kubelet(context: Context, cluster: LocalCluster): ProcessUnit {
  return {
    ...clusterUnit(cluster, 'kubelet', [`${cluster.name}.apiserver`, `${cluster.name}.containerd`]),
    process() {
      const file = join(cluster.dir, 'kubelet.yaml');
      const config = stringify(kubeletConfig(cluster));
      writeText(file, config, 0o644);
      const spec = kubeProcess(context, cluster, 'kubelet', {
        config: file,
        kubeconfig: join(cluster.dir, 'node.kubeconfig'),
        'hostname-override': cluster.nodeName,
        'node-ip': cluster.ranges.nodeAddress,
        'root-dir': kubeletDir(cluster),
        'cert-dir': join(cluster.dir, 'kubelet-pki'),
        // Where its metrics look for the names of containers; without it they know pods only.
        containerd: containerdSocket(cluster),
      });
      return Promise.resolve({ ...spec, version: config });
    },
    ready: async () => {
      await expectHttp(`http://${cluster.ranges.nodeAddress}:${kubeletHealthPort}/healthz`);
      await expectFreshLease(cluster);
      const node = await adminApi(cluster).read(`/api/v1/nodes/${cluster.nodeName}`, nodeSchema);
      const ready = node.status.conditions.find((condition) => condition.type === 'Ready');
      if (ready?.status !== 'True')
        throw new Error(`node ${cluster.nodeName} is not ready: ${ready?.message ?? 'no condition yet'}`);
    },
  };
}

/** After a restart the node's old state still says Ready; the lease tells whether somebody is behind it. A new node has none yet. */
async function expectFreshLease(cluster: LocalCluster): Promise<void> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${cluster.nodeName}`;
  const { status, body } = await adminApi(cluster).call('GET', path);
  if (status === 404) return;
  const { renewTime } = leaseSchema.parse(body).spec;
  if (Date.now() - Date.parse(renewTime) > leaseFreshMs)
    throw new Error(`node ${cluster.nodeName} does not renew its lease`);
}

function kubeletConfig(cluster: LocalCluster) {
  const server = cluster.authority.pair('kubelet-server');
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: cluster.ranges.nodeAddress,
    tlsCertFile: server.certificate,
    tlsPrivateKeyFile: server.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: cluster.authority.ca.certificate },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cluster.cgroup}`,
    cgroupsPerQOS: true,
    // The reservation is counted, not enforced: the other half belongs to the second cluster and to the platform.
    enforceNodeAllocatable: [],
    systemReserved: halfOfTheMachine(),
    failSwapOn: false,
    failCgroupV1: false,
    healthzBindAddress: cluster.ranges.nodeAddress,
    healthzPort: kubeletHealthPort,
    readOnlyPort: 0,
    containerRuntimeEndpoint: `unix://${containerdSocket(cluster)}`,
    clusterDomain: 'cluster.local',
    clusterDNS: [cluster.ranges.dns],
    podLogsDir: ensureDir(join(cluster.dir, 'logs')),
    volumePluginDir: join(cluster.dir, 'volume-plugins'),
    maxPods: 200,
    serializeImagePulls: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '100Mi' },
    nodeStatusReportFrequency: '1m',
  };
}

function halfOfTheMachine(): { cpu: string; memory: string } {
  return { cpu: `${cpus().length * 500}m`, memory: `${Math.floor(totalmem() / 2 / 1024)}Ki` };
}

function proxy(context: Context, cluster: LocalCluster): ProcessUnit {
  const health = `${cluster.ranges.nodeAddress}:10256`;
  return {
    ...clusterUnit(cluster, 'proxy', [`${cluster.name}.apiserver`]),
    process: () =>
      Promise.resolve(
        kubeProcess(context, cluster, 'kube-proxy', {
          kubeconfig: join(cluster.dir, 'proxy.kubeconfig'),
          'proxy-mode': 'nftables',
          'cluster-cidr': cluster.ranges.pods,
          'hostname-override': cluster.nodeName,
          'conntrack-max-per-core': 0,
          'healthz-bind-address': health,
          'metrics-bind-address': '127.0.0.1:10249',
        }),
      ),
    ready: () => expectHttp(`http://${health}/livez`),
  };
}

/** CoreDNS as a process of the node: no image is needed before names resolve. */
function dns(context: Context, cluster: LocalCluster): ProcessUnit {
  const { nodeAddress } = cluster.ranges;
  const readyPort = 9254;
  return {
    ...clusterUnit(cluster, 'dns', ['dns-binary', `${cluster.name}.manifests`]),
    process() {
      const file = join(cluster.dir, 'Corefile');
      const config = `.:53 {
    bind ${nodeAddress}
    errors
    ready ${nodeAddress}:${readyPort}
    kubernetes cluster.local in-addr.arpa {
        kubeconfig ${join(cluster.dir, 'dns.kubeconfig')}
        pods insecure
    }
    cache 10
}
`;
      writeText(file, config, 0o644);
      return Promise.resolve({
        ...clusterProcess(context, cluster, [coreDnsBinary(context.settings), '-conf', file]),
        version: config,
      });
    },
    ready: () => expectHttp(`http://${nodeAddress}:${readyPort}/ready`),
  };
}
