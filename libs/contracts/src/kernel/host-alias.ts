import { z } from 'zod';

/** A DNS name (RFC 1123) as Kubernetes takes it: lower case, labels of at most 63 characters. */
const dnsName = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Every container has these already: another address for one of them breaks what talks to itself. */
const ownNames = /^(?:(?:.+\.)?localhost(?:\.localdomain)?|ip6-(?:localhost|loopback|localnet|mcastprefix|all\w+))$/;
/** Answered by the cluster's DNS; a fixed address would go on when the service behind it has moved. */
const clusterNames = /(?:^|\.)(?:svc|cluster\.local)$/;
/** The last label of a name is never a number: `10.0.0.8` among the names is an address in the wrong place. */
const endsInNumber = /(?:^|\.)\d+$/;

export const isOwnHostName = (name: string): boolean => ownNames.test(name);

const HostName = z
  .string()
  .regex(dnsName, 'a DNS name: a-z, 0-9, dashes and dots, lower case')
  .refine((name) => !isOwnHostName(name), 'localhost and its like belong to the container itself')
  .refine((name) => !clusterNames.test(name), "names that end with .svc or .cluster.local are the cluster's own")
  .refine((name) => !endsInNumber.test(name), 'a name, not an address: its last part is a number');

const HostAddress = z
  .string()
  .refine((text) => z.regexes.ipv4.test(text) || z.regexes.ipv6.test(text), 'an IPv4 or IPv6 address');

/** Names that the containers of a service resolve to a fixed address, with objects of one kind: strict or tolerant. */
export function hostAliasSchema(object: typeof z.object) {
  return object({ ip: HostAddress, hostnames: z.array(HostName).min(1).max(16) });
}

interface Alias {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

/** What stands twice in it: a cluster keeps one entry for an address, and a name can have only one. */
export function givenTwice(aliases: readonly Alias[]): string | null {
  const twice = (values: readonly string[]) => values.find((value, index) => values.indexOf(value) !== index);
  const ip = twice(aliases.map((row) => sameForm(row.ip)));
  if (ip !== undefined) return `the address ${ip} is given twice`;
  const name = twice(aliases.flatMap(({ hostnames }) => hostnames));
  return name === undefined ? null : `the name ${name} is given twice`;
}

/** `FD00:0::8` and `fd00::8` are one address; what is none stays as it is, and is refused as such. */
function sameForm(ip: string): string {
  const url = `http://[${ip}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : ip;
}
