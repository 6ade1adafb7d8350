/** User and password (or robot account) for one registry. Never logged, never part of an error. */
export interface RegistryCredential {
  readonly username: string;
  readonly password: string;
}

/** An image as it is really stored: pinned by digest. */
export interface ResolvedImage {
  readonly kind: 'resolved';
  /** What to run: `host/repository@sha256:…`. */
  readonly reference: string;
  readonly registry: string;
  readonly repository: string;
  /** As asked; left out when the image was asked by digest. */
  readonly tag?: string;
  /** Digest of the manifest (or manifest list) that the tag names, checked by hashing its bytes. */
  readonly digest: string;
  readonly architecture: string;
  readonly os: string;
  /** `USER` of the image: empty string when it runs as root by default. */
  readonly user: string;
  readonly exposedPorts: readonly ExposedPort[];
  /** Compressed bytes of configuration and layers for this architecture. */
  readonly sizeBytes: number;
  /** Entrypoint and command, joined. */
  readonly command: readonly string[];
  /** `NAME=value` lines of the image itself. */
  readonly env: readonly string[];
}

export interface ExposedPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

/**
 * The four ways in which an image cannot be used, plus a name that is no image name.
 * `unreachable` also covers a broken answer, a limit that was passed and a digest that does not match its bytes.
 */
export type RegistryFailure =
  | { readonly kind: 'invalid_reference'; readonly detail: string }
  | { readonly kind: 'not_found'; readonly detail: string }
  | { readonly kind: 'unauthorized'; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'wrong_architecture'; readonly detail: string; readonly available: readonly string[] };

export interface AccessOptions {
  readonly credential?: RegistryCredential;
  readonly signal?: AbortSignal;
}

export interface ResolveOptions extends AccessOptions {
  /** OCI name: `amd64`, `arm64`. */
  readonly architecture: string;
}

/** An OCI or Docker v2 registry, read only. Every call answers with a value; none throws for what a registry does. */
export interface RegistryClient {
  resolve(image: string, options: ResolveOptions): Promise<ResolvedImage | RegistryFailure>;
  /** One HEAD request: is this image still in the registry? */
  exists(
    image: string,
    options?: AccessOptions,
  ): Promise<{ readonly kind: 'exists'; readonly digest: string } | RegistryFailure>;
  /** Tags of `host/repository`, sorted, at most 1,000. */
  tags(
    repository: string,
    options?: AccessOptions,
  ): Promise<{ readonly kind: 'tags'; readonly tags: readonly string[] } | RegistryFailure>;
}
