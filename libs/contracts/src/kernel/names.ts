import { z } from 'zod';

/** The services of the mesh. Each owns one PostgreSQL database and one Kafka principal of this name. */
export const serviceNames = ['gateway', 'cluster-mgr', 'ipaas', 'codeflow', 'nginx-mgr', 'dolphinsync'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Environments are fixed per installation; none has a dash, so `<project>-<environment>` reads back in one way. */
export const environmentNames = ['dev', 'test', 'staging', 'prod'] as const;
export const EnvironmentName = z.enum(environmentNames);
export type EnvironmentName = z.infer<typeof EnvironmentName>;

/** Immutable, globally unique project slug, minted by dolphinsync. */
export const ProjectSlug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,30}$/, 'a slug: a-z, 0-9 and dashes, 2 to 31 characters, starts with a letter');

/** A service code: a DNS label of at most 40 characters. Codes that start with `kube-` are refused. */
export const ServiceCode = z
  .string()
  .regex(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'a code: a-z, 0-9 and dashes, 1 to 40 characters, starts with a letter')
  .refine((code) => !code.startsWith('kube-'), 'codes that start with kube- are reserved');

/** Name of a Kubernetes cluster in the registry of clusters. */
export const ClusterName = z
  .string()
  .regex(/^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'a cluster name: a-z, 0-9 and dashes');

/** Scope path of a service, `<project>/<environment>/<code>`: aggregate id and Kafka key of all its messages. */
export const ServiceKey = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,30}\/(dev|test|staging|prod)\/[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/);

export const Uid = z.uuid();
export const IsoTime = z.iso.datetime();

/** Parts of a service key. */
export interface ServiceScope {
  project: string;
  environment: EnvironmentName;
  service: string;
}

/** Joins the parts of a scope into `shop/prod/cart`. */
export function serviceKey(scope: ServiceScope): string {
  return `${scope.project}/${scope.environment}/${scope.service}`;
}

/** Reads a service key back into its parts. Throws on anything that is not a valid key. */
export function parseServiceKey(key: string): ServiceScope {
  const [project, environment, service] = ServiceKey.parse(key).split('/');
  return { project: project as string, environment: EnvironmentName.parse(environment), service: service as string };
}

/** The Kubernetes namespace of a project's environment, the same in every cluster. */
export function namespaceOf(scope: Pick<ServiceScope, 'project' | 'environment'>): string {
  return `${scope.project}-${scope.environment}`;
}
