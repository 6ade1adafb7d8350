import { problemOf } from '@berth/api';
import { EnvironmentName, namespaceOf, type Problem } from '@berth/contracts';

/** Where a credential holds. */
export interface CredentialScope {
  readonly project: string;
  readonly environment: EnvironmentName;
}

export interface CredentialRow {
  readonly name: string;
  readonly registry: string;
  readonly userName: string;
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  readonly usedBy: readonly string[];
}

/** An opened login. It goes to its own registry, or into a cluster, and nowhere else. */
export interface RegistryLogin {
  readonly registry: string;
  readonly userName: string;
  readonly password: string;
  readonly version: number;
}

/** A login is only ever sent to the registry it was entered for. */
export function whyNotForImage(
  name: string,
  { registry }: Pick<RegistryLogin, 'registry'>,
  host: string,
): Problem | null {
  return registry === host ? null : problemOf('credential_of_other_registry', { name, registry, host });
}

/** What the kubelet reads: logins by the host of the image name. */
export function dockerConfigOf({ registry, userName, password }: RegistryLogin): string {
  const auth = Buffer.from(`${userName}:${password}`, 'utf8').toString('base64');
  // Docker Hub is known by this name to everything that pulls.
  const host = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  return JSON.stringify({ auths: { [host]: { username: userName, password, auth } } });
}

/** The scope that a namespace of ours stands for: environments have no dash, so it reads back in one way. */
export function scopeOfNamespace(namespace: string): CredentialScope {
  const dash = namespace.lastIndexOf('-');
  return { project: namespace.slice(0, dash), environment: EnvironmentName.parse(namespace.slice(dash + 1)) };
}

/** Versions by namespace and name. */
export function versionsOf(
  rows: readonly (CredentialScope & { readonly name: string; readonly version: number })[],
): Map<string, Map<string, number>> {
  const versions = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const namespace = namespaceOf(row);
    versions.set(namespace, (versions.get(namespace) ?? new Map<string, number>()).set(row.name, row.version));
  }
  return versions;
}
