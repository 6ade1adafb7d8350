import { z } from 'zod';
import { givenTwice, hostAliasSchema } from './host-alias.js';
import { isPlainText } from './text.js';

const PortNumber = z.number().int().min(1).max(65_535);

const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'a variable name: letters, digits and _, not starting with a digit');

/** What a container is started with: neither an environment nor a command line can hold a NUL. */
const text = (most: number) => z.string().max(most).refine(isPlainText, 'text without NUL and whole characters only');

const times = {
  periodSeconds: z.number().int().min(1).max(300),
  timeoutSeconds: z.number().int().min(1).max(60),
  failureThreshold: z.number().int().min(1).max(100),
};

/** The schemas of what a user says about a service, with objects of one kind: strict or tolerant. */
function specSchemas(object: typeof z.object) {
  const Size = object({
    cpuMillis: z.number().int().min(10).max(256_000),
    memoryMiB: z.number().int().min(16).max(1_048_576),
  });
  const ServicePort = object({
    name: z
      .string()
      .regex(/^[a-z](?:[a-z0-9-]{0,13}[a-z0-9])?$/, 'a port name: a-z, 0-9 and dashes, at most 15 characters'),
    port: PortNumber,
    protocol: z.enum(['HTTP', 'TCP']),
  });
  const Probe = z.discriminatedUnion('kind', [
    object({ kind: z.literal('http'), path: text(500).regex(/^\/[^\s]*$/), port: PortNumber, ...times }),
    object({ kind: z.literal('tcp'), port: PortNumber, ...times }),
    object({ kind: z.literal('command'), command: z.array(text(2000)).min(1).max(20), ...times }),
  ]);
  const Variable = z.union([
    object({ name: VariableName, value: text(32_768) }),
    object({ name: VariableName, secret: object({ name: VariableName, version: z.number().int().positive() }) }),
  ]);
  const HostAlias = hostAliasSchema(object);
  const ServiceSpec = object({
    image: text(500).min(1),
    size: Size,
    ports: z.array(ServicePort).max(20),
    command: z.array(text(4000)).max(50).optional(),
    args: z.array(text(4000)).max(100).optional(),
    variables: z.array(Variable).max(500),
    readiness: Probe.nullable(),
    liveness: Probe.nullable(),
    /** How long a container may take to start before liveness counts. */
    startupAllowanceSeconds: z.number().int().min(0).max(3600),
    /** Drain time: a container leaves balancing this long before it gets SIGTERM, then has as long again to end. */
    gracefulStopSeconds: z.number().int().min(0).max(600),
    runAsUser: z.number().int().min(1).max(2_147_483_647).nullable(),
    rolloutDeadlineSeconds: z.number().int().min(10).max(3600),
    registryCredential: text(100).optional(),
    /** Lines of /etc/hosts in every container. Absent means none: releases from before it have no such field. */
    hostAliases: z.array(HostAlias).max(32).optional(),
  }).superRefine((spec, context) => {
    const twice = (values: readonly (string | number)[]) =>
      values.find((value, index) => values.indexOf(value) !== index);
    const name = twice(spec.variables.map((variable) => variable.name));
    if (name !== undefined)
      context.addIssue({ code: 'custom', path: ['variables'], message: `the variable ${name} is given twice` });
    const port = twice(spec.ports.map((row) => row.port)) ?? twice(spec.ports.map((row) => row.name));
    if (port !== undefined)
      context.addIssue({ code: 'custom', path: ['ports'], message: `the port ${port} is given twice` });
    const message = givenTwice(spec.hostAliases ?? []);
    if (message !== null) context.addIssue({ code: 'custom', path: ['hostAliases'], message });
  });
  const PlacementPolicy = object({
    mode: z.enum(['spread', 'pinned']),
    /** For `pinned`: the only clusters allowed. For `spread`: empty means every cluster of the environment. */
    clusters: z.array(z.string()).max(50),
    minPerCluster: z.number().int().min(0).max(100),
  });
  return { Size, ServicePort, Probe, Variable, HostAlias, ServiceSpec, PlacementPolicy };
}

/** For messages, answers and rows: a field of a later version is passed over. */
export const tolerant = specSchemas(z.object);
// The same values come out; only what it does with unknown fields differs, which types do not say.
const strict = specSchemas(z.strictObject as unknown as typeof z.object);

/** What one container may use: the limit. The request is this size times the environment's ratio. */
export const Size = strict.Size;
export type Size = z.infer<typeof Size>;

export const defaultSize: Size = { cpuMillis: 1000, memoryMiB: 1024 };

export const ServicePort = strict.ServicePort;
export type ServicePort = z.infer<typeof ServicePort>;

/** How to ask a container how it is. Times in seconds, as Kubernetes has them. */
export const Probe = strict.Probe;
export type Probe = z.infer<typeof Probe>;

/** A plain value, or a reference to one version of a sealed secret of the same service. */
export const Variable = strict.Variable;
export type Variable = z.infer<typeof Variable>;

/** One address, and the names that containers resolve to it (域名解析). */
export type HostAlias = z.infer<typeof strict.HostAlias>;

/** What the user says about a service; together with a resolved image it is what a release freezes. */
export const ServiceSpec = strict.ServiceSpec;
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/** An image as it was found in its registry. `digest` is what runs; the tag is only how it was asked for. */
export const ResolvedImage = z.object({
  reference: z.string(),
  repository: z.string(),
  tag: z.string().nullable(),
  digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
  architecture: z.string(),
  user: z.string().nullable(),
  exposedPorts: z.array(PortNumber),
  sizeBytes: z.number().int().nonnegative(),
});
export type ResolvedImage = z.infer<typeof ResolvedImage>;

export const Replicas = z.number().int().min(0).max(1000);

/** Which clusters run a service, and how replicas are split over them. */
export const PlacementPolicy = strict.PlacementPolicy;
export type PlacementPolicy = z.infer<typeof PlacementPolicy>;

/** Which clusters are named says something, their order does not. */
export function isSamePolicy(a: PlacementPolicy, b: PlacementPolicy): boolean {
  const text = ({ mode, clusters, minPerCluster }: PlacementPolicy) =>
    JSON.stringify([mode, [...new Set(clusters)].sort(), minPerCluster]);
  return text(a) === text(b);
}
