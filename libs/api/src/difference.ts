import type { Probe, ServiceSpec } from '@berth/contracts';

/** What can differ between two releases. */
export const differenceFields = [
  'image',
  'digest',
  'size',
  'port',
  'variable',
  'secret',
  'hostAlias',
  'readiness',
  'liveness',
  'command',
  'args',
  'startupAllowanceSeconds',
  'gracefulStopSeconds',
  'runAsUser',
  'rolloutDeadlineSeconds',
  'registryCredential',
] as const;
export type DifferenceField = (typeof differenceFields)[number];

/** One thing that differs. `name` is the variable, port or host name; a secret never shows values. */
export interface Difference {
  readonly field: DifferenceField;
  readonly name?: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A release, or what would be one; its image is not resolved then. */
export interface ReleaseSide {
  readonly spec: ServiceSpec;
  readonly image: { readonly digest: string } | null;
}

/** What changes in meaning from one release to another, in the order that matters to a reader. */
export function differences(before: ReleaseSide, after: ReleaseSide): Difference[] {
  const a = before.spec;
  const b = after.spec;
  const sameTag = a.image === b.image;
  return [
    ...one('image', a.image, b.image),
    // The same version that is another image by now is worth a line of its own.
    ...(sameTag && before.image && after.image ? one('digest', before.image.digest, after.image.digest) : []),
    ...one('size', sizeOf(a), sizeOf(b)),
    ...named('port', portsOf(a), portsOf(b)),
    ...named('variable', plainOf(a), plainOf(b)),
    ...named('secret', secretsOf(a), secretsOf(b)),
    ...named('hostAlias', hostsOf(a), hostsOf(b)),
    ...one('readiness', probeOf(a.readiness), probeOf(b.readiness)),
    ...one('liveness', probeOf(a.liveness), probeOf(b.liveness)),
    ...one('command', a.command?.join(' ') ?? null, b.command?.join(' ') ?? null),
    ...one('args', a.args?.join(' ') ?? null, b.args?.join(' ') ?? null),
    ...one('startupAllowanceSeconds', `${a.startupAllowanceSeconds} s`, `${b.startupAllowanceSeconds} s`),
    ...one('gracefulStopSeconds', `${a.gracefulStopSeconds} s`, `${b.gracefulStopSeconds} s`),
    ...one('runAsUser', text(a.runAsUser), text(b.runAsUser)),
    ...one('rolloutDeadlineSeconds', `${a.rolloutDeadlineSeconds} s`, `${b.rolloutDeadlineSeconds} s`),
    ...one('registryCredential', a.registryCredential ?? null, b.registryCredential ?? null),
  ];
}

function one(field: DifferenceField, from: string | null, to: string | null): Difference[] {
  return from === to ? [] : [{ field, from, to }];
}

function named(
  field: DifferenceField,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Difference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) =>
    one(field, before.get(name) ?? null, after.get(name) ?? null).map((difference) => ({ ...difference, name })),
  );
}

const text = (value: number | null) => (value === null ? null : String(value));
const sizeOf = (spec: ServiceSpec) => `${spec.size.cpuMillis / 1000} CPU · ${spec.size.memoryMiB} MiB`;
const portsOf = (spec: ServiceSpec) => new Map(spec.ports.map((row) => [row.name, `${row.port}/${row.protocol}`]));
const plainOf = (spec: ServiceSpec) =>
  new Map(spec.variables.flatMap((row) => ('value' in row ? [[row.name, row.value] as const] : [])));
const secretsOf = (spec: ServiceSpec) =>
  new Map(spec.variables.flatMap((row) => ('secret' in row ? [[row.name, `v${row.secret.version}`] as const] : [])));
/** By name, as containers look them up: which line a name stands in says nothing. */
const hostsOf = ({ hostAliases = [] }: ServiceSpec) =>
  new Map(hostAliases.flatMap(({ ip, hostnames }) => hostnames.map((name) => [name, ip] as const)));

function probeOf(probe: Probe | null): string | null {
  if (!probe) return null;
  const what =
    probe.kind === 'http'
      ? `GET :${probe.port}${probe.path}`
      : probe.kind === 'tcp'
        ? `TCP :${probe.port}`
        : probe.command.join(' ');
  return `${what} · ${probe.periodSeconds} s · ${probe.timeoutSeconds} s · ×${probe.failureThreshold}`;
}
