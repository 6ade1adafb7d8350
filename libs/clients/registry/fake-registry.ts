import { digestOf } from './manifest.js';
import { parseImageReference, type ImageReference } from './reference.js';
import type { AccessOptions, RegistryClient, RegistryCredential, RegistryFailure, ResolvedImage } from './registry.js';

/** An image to put into a fake (or, in the contract, real) registry. */
export interface SampleImage {
  /** `host/repository:tag` */
  readonly image: string;
  /** More than one makes a manifest list. Default `['amd64']`. */
  readonly architectures?: readonly string[];
  readonly user?: string;
  /** `['8080/tcp']` */
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly string[];
}

interface Stored {
  readonly sample: SampleImage;
  readonly digest: string;
}

/** Registries in memory: any host exists unless it was switched off. Keeps the contract of {@link RegistryClient}. */
export class FakeRegistry implements RegistryClient {
  private readonly repositories = new Map<string, Map<string, Stored>>();
  private readonly credentials = new Map<string, RegistryCredential>();
  private readonly offline = new Set<string>();

  /** Stores the image under its tag; the same content has the same digest. Returns the digest. */
  push(sample: SampleImage): string {
    const reference = parseImageReference(sample.image);
    if (reference.kind !== 'ok') throw new RangeError(reference.detail);
    const { image: _image, ...content } = sample;
    const digest = digestOf(Buffer.from(JSON.stringify({ repository: reference.repository, ...content })));
    const key = keyOf(reference);
    const tags = this.repositories.get(key) ?? new Map<string, Stored>();
    this.repositories.set(key, tags.set(reference.tag ?? 'latest', { sample, digest }));
    return digest;
  }

  /** From now on this host wants exactly this credential. */
  protect(host: string, credential: RegistryCredential): void {
    this.credentials.set(host, credential);
  }

  setReachable(host: string, isReachable: boolean): void {
    if (isReachable) this.offline.delete(host);
    else this.offline.add(host);
  }

  async resolve(
    image: string,
    options: AccessOptions & { architecture: string },
  ): Promise<ResolvedImage | RegistryFailure> {
    const found = this.find(image, options);
    if (found.kind !== 'found') return found;
    const { reference, stored } = found;
    const { architectures = ['amd64'], user = '', ports = [], command = [], env = [] } = stored.sample;
    const { architecture } = options;
    if (!architectures.includes(architecture)) {
      const available = [...architectures].sort();
      return {
        kind: 'wrong_architecture',
        detail: `there is no linux/${architecture}, only ${available.join(', ')}`,
        available,
      };
    }
    const { registry, repository, tag } = reference;
    return {
      kind: 'resolved',
      reference: `${registry}/${repository}@${stored.digest}`,
      registry,
      repository,
      ...(tag ? { tag } : {}),
      digest: stored.digest,
      architecture,
      os: 'linux',
      user,
      exposedPorts: ports.map((port) => ({
        port: Number.parseInt(port, 10),
        protocol: port.endsWith('/udp') ? 'udp' : 'tcp',
      })),
      sizeBytes: 1_000_000,
      command,
      env,
    };
  }

  async exists(image: string, options: AccessOptions = {}) {
    const found = this.find(image, options);
    return found.kind === 'found' ? { kind: 'exists' as const, digest: found.stored.digest } : found;
  }

  async tags(repository: string, options: AccessOptions = {}) {
    const reference = parseImageReference(repository);
    if (reference.kind !== 'ok') return reference;
    const refusal = this.refusal(reference, options);
    if (refusal) return refusal;
    const tags = this.repositories.get(keyOf(reference));
    return tags ? { kind: 'tags' as const, tags: [...tags.keys()].sort() } : notFound;
  }

  private find(image: string, options: AccessOptions) {
    const reference = parseImageReference(image);
    if (reference.kind !== 'ok') return reference;
    const refusal = this.refusal(reference, options);
    if (refusal) return refusal;
    const tags = this.repositories.get(keyOf(reference));
    const { digest, tag = 'latest' } = reference;
    const stored = digest ? [...(tags?.values() ?? [])].find((entry) => entry.digest === digest) : tags?.get(tag);
    return stored ? { kind: 'found' as const, reference, stored } : notFound;
  }

  private refusal({ registry }: ImageReference, { credential, signal }: AccessOptions): RegistryFailure | undefined {
    if (signal?.aborted) return { kind: 'unreachable', detail: 'the call was aborted' };
    if (this.offline.has(registry)) return { kind: 'unreachable', detail: `https://${registry}: connection refused` };
    const wanted = this.credentials.get(registry);
    const isAccepted = !wanted || (credential?.username === wanted.username && credential.password === wanted.password);
    return isAccepted ? undefined : { kind: 'unauthorized', detail: 'the credential is not accepted for this image' };
  }
}

const notFound: RegistryFailure = { kind: 'not_found', detail: 'the registry has no such image' };

function keyOf({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}
