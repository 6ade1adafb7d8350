import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { registryUrl } from '../engines/registry.js';
import { pauseImage } from '../images/catalogue.js';
import type { LocalCluster } from './cluster.js';

/** containerd's configuration and the files beside it. */
export function containerdConfig(context: Context, cluster: LocalCluster, socket: string) {
  const registries = join(cluster.dir, 'registries');
  const networks = join(cluster.dir, 'networks');
  const config = `version = 2
root = ${JSON.stringify(join(cluster.dir, 'containerd'))}
state = ${JSON.stringify(join(cluster.runtimeDir, 'containerd'))}
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]
[grpc]
  address = ${JSON.stringify(socket)}
[debug]
  level = "warn"
[plugins."io.containerd.internal.v1.opt"]
  path = ${JSON.stringify(join(cluster.dir, 'opt'))}
[plugins."io.containerd.grpc.v1.cri"]
  # Without CAP_SYS_RESOURCE every sandbox would fail on its oom score.
  restrict_oom_score_adj = true
  # Otherwise a killed sandbox leaves a mount in /run/netns.
  netns_mounts_under_state_dir = true
  sandbox_image = "${context.registryName}/${pauseImage}"
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${JSON.stringify(registries)}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${JSON.stringify(networks)}
`;
  const files = {
    [join(registries, context.registryName, 'hosts.toml')]: hosts(context),
    [join(networks, '10-pods.conflist')]: podNetwork(cluster),
  };
  const version = createHash('sha256')
    .update(JSON.stringify([config, files]))
    .digest('hex');
  return { config, files, version };
}

/** The registry's name is no DNS entry: it leads to the node's own loopback, or to the real registry that was given. */
function hosts(context: Context): string {
  const server = registryUrl(context);
  return `server = "${server}"\n[host."${server}"]\n  capabilities = ["pull", "resolve"]\n`;
}

/** The name carries the cluster's own, because results are kept in a folder that the whole machine shares. */
function podNetwork(cluster: LocalCluster): string {
  const addresses = {
    type: 'host-local',
    dataDir: join(cluster.dir, 'addresses'),
    ranges: [[{ subnet: cluster.ranges.nodePods }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: true, hairpinMode: true, ipam: addresses };
  const ports = { type: 'portmap', capabilities: { portMappings: true } };
  return JSON.stringify({ cniVersion: '0.4.0', name: cluster.cgroup, plugins: [bridge, ports] }, null, 2);
}
