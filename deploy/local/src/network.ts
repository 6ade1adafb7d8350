import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseCidr, type Cidr } from './choose.js';
import { run, succeeds } from './run.js';

/** One network namespace with a link to the host. */
export interface Network {
  namespace: string;
  /** The host's end of the link; at most 15 letters. */
  hostLink: string;
  hostAddress: string;
  nodeAddress: string;
  /** Ranges that the host reaches through the link. */
  routes: string[];
}

const routeSchema = z.array(z.object({ dst: z.string() }));
const addressSchema = z.array(z.object({ addr_info: z.array(z.object({ local: z.string().optional() })) }));

/** Every IPv4 range that this machine already uses: routes, own addresses, name servers. */
export async function usedRanges(): Promise<Cidr[]> {
  const routes = routeSchema.parse(JSON.parse(await run('ip', ['-4', '-j', 'route', 'show', 'table', 'all'])));
  const addresses = addressSchema.parse(JSON.parse(await run('ip', ['-4', '-j', 'address'])));
  const resolvers = existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '';
  return [
    ...routes.map((route) => route.dst).filter((dst) => dst !== 'default'),
    ...addresses.flatMap((link) => link.addr_info.flatMap((info) => info.local ?? [])),
    ...[...resolvers.matchAll(/^nameserver\s+([\d.]+)\s*$/gm)].flatMap((match) => match[1] ?? []),
  ].map(parseCidr);
}

/** Makes the namespace, the link and the routes. Every step looks first, so a half-made network is completed. */
export async function ensureNetwork(network: Network): Promise<void> {
  const { namespace, hostLink, hostAddress, nodeAddress } = network;
  if (!(await succeeds('ip', ['-n', namespace, 'link', 'show', 'lo']))) {
    await run('ip', ['netns', 'delete', namespace]).catch(() => undefined);
    await run('ip', ['netns', 'add', namespace]);
  }
  if (!(await succeeds('ip', ['-n', namespace, 'link', 'show', 'eth0'])) || !existsSync(`/sys/class/net/${hostLink}`)) {
    await run('ip', ['link', 'delete', hostLink]).catch(() => undefined);
    await run('ip', ['link', 'add', hostLink, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
  }
  await run('ip', ['address', 'replace', `${hostAddress}/30`, 'dev', hostLink]);
  await run('ip', ['link', 'set', hostLink, 'up']);
  await run('ip', ['-n', namespace, 'address', 'replace', `${nodeAddress}/30`, 'dev', 'eth0']);
  for (const link of ['lo', 'eth0']) await run('ip', ['-n', namespace, 'link', 'set', link, 'up']);
  await run('ip', ['-n', namespace, 'route', 'replace', 'default', 'via', hostAddress]);
  for (const range of network.routes) await run('ip', ['route', 'replace', range, 'via', nodeAddress, 'dev', hostLink]);
  await setKernel(namespace);
}

async function setKernel(namespace: string): Promise<void> {
  const inside = (setting: string) => run('nsenter', [`--net=/run/netns/${namespace}`, '--', 'sysctl', '-qw', setting]);
  await inside('net.ipv4.ip_forward=1');
  await inside('net.ipv4.conf.all.route_localnet=1');
  // Present only where bridged packets pass iptables at all.
  await inside('net.bridge.bridge-nf-call-iptables=1').catch(() => undefined);
}

export async function removeNetwork(network: Pick<Network, 'namespace' | 'hostLink'>): Promise<void> {
  await run('ip', ['netns', 'delete', network.namespace]).catch(() => undefined);
  // The host's end can outlive the namespace for a moment.
  await run('ip', ['link', 'delete', network.hostLink]).catch(() => undefined);
}
