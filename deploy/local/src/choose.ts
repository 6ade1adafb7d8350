/** Pure choice of ports and address ranges, so that two platforms on one machine never meet. */

export interface Cidr {
  /** First address as an unsigned number. */
  base: number;
  /** Prefix length, 0 to 32. */
  bits: number;
}

export function parseCidr(text: string): Cidr {
  const [address = '', bits = '32'] = text.split('/');
  const base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, bits: Number(bits) };
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  const size = 2 ** (32 - Math.min(a.bits, b.bits));
  return Math.floor(a.base / size) === Math.floor(b.base / size);
}

const firstOctet = 64;
const lastOctet = 250;

/** The /16 ranges 10.N.0.0 in the order in which they are tried: from a place that follows the seed, then around. */
export function rangeCandidates(seed: string): number[] {
  const count = lastOctet - firstOctet + 1;
  const start = parseInt(seed.slice(0, 6), 16) % count;
  return Array.from({ length: count }, (_, i) => firstOctet + ((start + i) % count));
}

/** True when 10.N.0.0/16 meets none of the ranges in use. A default route (0 bits) claims nothing. */
export function isRangeFree(octet: number, used: Cidr[]): boolean {
  const range = parseCidr(`10.${octet}.0.0/16`);
  return !used.some((other) => other.bits > 0 && overlaps(range, other));
}

/** How many ports one platform takes: engines, then ten for each service. */
export const portBlock = 100;
const firstPort = 18_000;
const lastPort = 31_900;

/** Bases of port blocks, below the kernel's range for outgoing connections, from a place that follows the seed. */
export function portCandidates(seed: string): number[] {
  const count = Math.floor((lastPort - firstPort) / portBlock);
  const start = parseInt(seed.slice(2, 8), 16) % count;
  return Array.from({ length: count }, (_, i) => firstPort + ((start + i) % count) * portBlock);
}

/** Addresses of one cluster inside 10.N.0.0/16. */
export interface ClusterRanges {
  pods: string;
  nodePods: string;
  services: string;
  firstService: string;
  dns: string;
  hostAddress: string;
  nodeAddress: string;
}

/** Pods of each cluster: what the ranges of services (128 to 191) and links (192) leave. */
const podRanges = ['0.0/18', '64.0/18', '224.0/19'];

/** `index` is 0 to 2. */
export function clusterRanges(octet: number, index: number): ClusterRanges {
  const pods = podRanges[index];
  if (!pods) throw new Error(`no addresses for cluster ${index}`);
  const services = 128 + index * 16;
  const link = index * 4;
  return {
    pods: `10.${octet}.${pods}`,
    nodePods: `10.${octet}.${pods.split('.')[0]}.0/24`,
    services: `10.${octet}.${services}.0/20`,
    firstService: `10.${octet}.${services}.1`,
    dns: `10.${octet}.${services}.10`,
    hostAddress: `10.${octet}.192.${link + 1}`,
    nodeAddress: `10.${octet}.192.${link + 2}`,
  };
}
