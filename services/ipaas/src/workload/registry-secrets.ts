import { berthLabels, isClusterError, type ClusterClient, type KubeObject } from '@berth/clients/kubernetes';
import { findOwn } from './executors.js';
import type { TargetBook } from './target-book.js';

/** Where logins of registries come from; a spec gives its own. */
export abstract class RegistrySecretSource {
  /** Versions of all credentials, by namespace and name. */
  abstract versions(): Promise<CredentialVersions>;
  /** What the kubelet reads of one, and its version. */
  abstract open(namespace: string, name: string): Promise<{ readonly version: number; readonly dockerConfig: string }>;
}

export type CredentialVersions = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface RegistrySecretsOptions {
  readonly client: ClusterClient;
  readonly installationId: string;
  readonly book: TargetBook;
  readonly source: RegistrySecretSource;
}

const nameLabel = 'berth.dev/registry-credential';
const versionAnnotation = 'berth.dev/credential-version';
/** As the pod template names it. */
const objectPrefix = 'berth-registry-';
/** They are not watched: what a hand took away is found when they are read anew. */
const readAgainAfterMs = 5 * 60_000;

/**
 * Keeps the pull secrets of one cluster: in each namespace exactly the credentials that its services name, each of the
 * version that is entered. What is there is read when a namespace is first seen, and every 5 minutes.
 */
export class RegistrySecrets {
  private wanted: CredentialVersions = new Map();
  private readonly there = new Map<string, Map<string, number>>();
  private readonly readAtMs = new Map<string, number>();
  private readonly turns = new Map<string, Promise<void>>();

  constructor(
    private readonly options: RegistrySecretsOptions,
    private readonly now: () => number = Date.now,
  ) {}

  /** Reads which versions there are; answers with the namespaces in which something has to be done. */
  async refresh(): Promise<string[]> {
    this.wanted = await this.options.source.versions();
    return [...this.there.keys()].filter((namespace) => this.isStale(namespace) || this.isOld(namespace));
  }

  /** True when a service there names a credential that is not, or not as entered, in the namespace. */
  isStale(namespace: string): boolean {
    const there = this.there.get(namespace);
    const desired = this.desired(namespace);
    if (!there) return desired.size > 0;
    return there.size !== desired.size || [...desired].some(([name, version]) => there.get(name) !== version);
  }

  /** Brings a namespace to what is desired; two at once go one after the other. */
  sync(namespace: string, signal: AbortSignal): Promise<void> {
    const turn = (this.turns.get(namespace) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.bring(namespace, signal));
    this.turns.set(namespace, turn);
    return turn;
  }

  private async bring(namespace: string, signal: AbortSignal): Promise<void> {
    const known = this.isOld(namespace) ? undefined : this.there.get(namespace);
    const there = known ?? (await this.read(namespace, signal));
    this.there.set(namespace, there);
    const desired = this.desired(namespace);
    for (const [name, version] of desired) {
      if (there.get(name) === version) continue;
      there.set(name, await this.write(namespace, name, signal));
    }
    for (const name of [...there.keys()].filter((one) => !desired.has(one))) {
      await this.remove(namespace, name, signal);
      there.delete(name);
    }
  }

  private isOld(namespace: string): boolean {
    return this.now() - (this.readAtMs.get(namespace) ?? 0) >= readAgainAfterMs;
  }

  /** Credentials that exist and that a service there names. */
  private desired(namespace: string): Map<string, number> {
    const { book } = this.options;
    const versions = this.wanted.get(namespace) ?? new Map<string, number>();
    const named = [...book.inNamespace(namespace)].flatMap((uid) => {
      const target = book.get(uid);
      return target?.phase === 'run' ? pullSecretsOf(target.rendered.deployment) : [];
    });
    return new Map([...versions].filter(([name]) => named.includes(`${objectPrefix}${name}`)));
  }

  private async read(namespace: string, signal: AbortSignal): Promise<Map<string, number>> {
    const { client, installationId } = this.options;
    const labelSelector = `${nameLabel},${berthLabels.installation}=${installationId}`;
    const { items } = await client.list('Secret', { namespace, labelSelector, limit: 500, signal });
    this.readAtMs.set(namespace, this.now());
    return new Map(
      items.map(({ metadata: { labels, annotations } }) => [
        labels?.[nameLabel] ?? '',
        Number(annotations?.[versionAnnotation] ?? 0),
      ]),
    );
  }

  private async write(namespace: string, name: string, signal: AbortSignal): Promise<number> {
    const { client, installationId, source } = this.options;
    const ref = { kind: 'Secret' as const, namespace, name: `${objectPrefix}${name}` };
    const live = await findOwn({ client, installationId, signal }, ref);
    const { version, dockerConfig } = await source.open(namespace, name);
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: ref.name,
        namespace,
        labels: {
          'app.kubernetes.io/managed-by': 'berth',
          [berthLabels.installation]: installationId,
          [nameLabel]: name,
        },
        annotations: { [versionAnnotation]: String(version) },
      },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': Buffer.from(dockerConfig, 'utf8').toString('base64') },
    };
    const planned = live && { uid: live.metadata.uid, resourceVersion: live.metadata.resourceVersion };
    await client.apply(object, { signal, ...planned });
    return version;
  }

  private async remove(namespace: string, name: string, signal: AbortSignal): Promise<void> {
    const ref = { kind: 'Secret' as const, namespace, name: `${objectPrefix}${name}` };
    try {
      const { uid, resourceVersion } = (await this.options.client.get(ref, { signal })).metadata;
      await this.options.client.remove(ref, { uid, resourceVersion, propagation: 'Background', signal });
    } catch (error) {
      if (!isClusterError(error, 'not_found')) throw error;
    }
  }
}

type Tree = Readonly<Record<string, unknown>>;

/** Names of the pull secrets in a rendered Deployment. */
export function pullSecretsOf(deployment: KubeObject): string[] {
  const pod = tree(tree(tree(deployment['spec'])['template'])['spec']);
  const rows = Array.isArray(pod['imagePullSecrets']) ? pod['imagePullSecrets'].map(tree) : [];
  return rows.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

function tree(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? (value as Tree) : {};
}
