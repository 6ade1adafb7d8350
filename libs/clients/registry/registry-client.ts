import { z } from 'zod';
import type { Answer } from './http.js';
import { parseJson } from './json.js';
import { acceptManifests, digestOf, type Manifest, readConfig, readManifest } from './manifest.js';
import { type HostMirrors, registryOrigin } from './mirrors.js';
import { type ImageReference, parseImageReference } from './reference.js';
import type { AccessOptions, RegistryClient, RegistryFailure, ResolvedImage } from './registry.js';
import { openSession, type Session } from './session.js';

export interface RegistryClientOptions {
  readonly mirrors?: HostMirrors;
  /** For one whole call, however many requests it takes; default 10,000. */
  readonly timeoutMs?: number;
}

/** Manifests and configurations are a few KB; the specification allows 4 MiB. */
const maxBytes = 4 * 1024 * 1024;
const maxTags = 1000;
const tagsSchema = z.object({ tags: z.array(z.string()).nullable() });

type Verified = { readonly kind: 'verified'; readonly body: Buffer; readonly digest: string };

/** A client of real registries. */
export function createRegistryClient({ mirrors = {}, timeoutMs = 10_000 }: RegistryClientOptions = {}): RegistryClient {
  const open = ({ registry, repository }: ImageReference, { credential, signal }: AccessOptions): Session => {
    const limit = AbortSignal.timeout(timeoutMs);
    const target = { origin: registryOrigin(registry, mirrors), repository };
    return openSession(target, credential, signal ? AbortSignal.any([signal, limit]) : limit);
  };

  return {
    resolve: async (image, options) => {
      const reference = parseImageReference(image);
      if (reference.kind !== 'ok') return reference;
      return resolveImage(open(reference, options), reference, options.architecture);
    },

    exists: async (image, options = {}) => {
      const reference = parseImageReference(image);
      if (reference.kind !== 'ok') return reference;
      const answer = await open(reference, options).ask('HEAD', manifestPath(reference), {
        accept: acceptManifests,
        maxBytes,
      });
      if ('kind' in answer) return answer;
      const digest = answer.headers['docker-content-digest'] ?? reference.digest;
      return typeof digest === 'string' ? { kind: 'exists', digest } : unreadable('the registry tells no digest');
    },

    tags: async (repository, options = {}) => {
      const reference = parseImageReference(repository);
      if (reference.kind !== 'ok') return reference;
      const session = open(reference, options);
      const tags: string[] = [];
      let path: string | undefined = `tags/list?n=${maxTags}`;
      while (path !== undefined && tags.length < maxTags) {
        const answer: Answer | RegistryFailure = await session.ask('GET', path, { maxBytes });
        if ('kind' in answer) return answer;
        const page = understood(() => parseJson(answer.body.toString('utf8'), tagsSchema));
        if (!page) return unreadable('the list of tags cannot be read');
        tags.push(...(page.tags ?? []));
        path = nextPath(answer);
      }
      return { kind: 'tags', tags: tags.slice(0, maxTags).sort() };
    },
  };
}

async function resolveImage(
  session: Session,
  asked: ImageReference,
  architecture: string,
): Promise<ResolvedImage | RegistryFailure> {
  const top = await verified(session, manifestPath(asked), asked.digest);
  if (top.kind !== 'verified') return top;
  const manifest = await imageManifest(session, top.body, architecture);
  if (manifest.kind !== 'image') return manifest;

  const blob = await verified(session, `blobs/${manifest.config.digest}`, manifest.config.digest);
  if (blob.kind !== 'verified') return blob.kind === 'not_found' ? unreadable('its configuration is missing') : blob;
  const config = understood(() => readConfig(blob.body));
  if (!config) return unreadable('its configuration cannot be read');
  if (config.architecture !== architecture) return wrongArchitecture(architecture, [config.architecture]);

  const { registry, repository, tag } = asked;
  return {
    kind: 'resolved',
    reference: `${registry}/${repository}@${top.digest}`,
    registry,
    repository,
    ...(tag ? { tag } : {}),
    digest: top.digest,
    sizeBytes: manifest.sizeBytes,
    ...config,
  };
}

/** The manifest for this architecture: the body itself, or the entry of the list that it is. */
async function imageManifest(
  session: Session,
  body: Buffer,
  architecture: string,
): Promise<Extract<Manifest, { kind: 'image' }> | RegistryFailure> {
  const manifest = understood(() => readManifest(body));
  if (!manifest) return unreadable('its manifest cannot be read (an image format that is too old?)');
  if (manifest.kind === 'image') return manifest;

  const entries = manifest.entries.filter(({ os }) => os === 'linux');
  const entry = entries.find((candidate) => candidate.architecture === architecture);
  if (!entry) return wrongArchitecture(architecture, [...new Set(entries.map((e) => e.architecture))].sort());
  const inner = await verified(session, `manifests/${entry.digest}`, entry.digest);
  if (inner.kind !== 'verified') return inner;
  const image = understood(() => readManifest(inner.body));
  return image?.kind === 'image' ? image : unreadable('its manifest for this architecture cannot be read');
}

/** A body whose hash is the digest that was asked, or that the registry itself told. */
async function verified(
  session: Session,
  path: string,
  expected: string | undefined,
): Promise<Verified | RegistryFailure> {
  const answer = await session.ask('GET', path, {
    accept: path.startsWith('blobs/') ? '*/*' : acceptManifests,
    maxBytes,
  });
  if ('kind' in answer) return answer;
  const digest = digestOf(answer.body);
  const told = expected ?? answer.headers['docker-content-digest'] ?? digest;
  return told === digest
    ? { kind: 'verified', body: answer.body, digest }
    : unreadable('its content does not match its digest');
}

function manifestPath({ tag, digest }: ImageReference): string {
  return `manifests/${digest ?? tag ?? 'latest'}`;
}

/** `Link: </v2/…>; rel="next"`: only a path of the same registry is followed. */
function nextPath({ headers }: Answer): string | undefined {
  const [, path] = /^<(\/[^/>][^>]*)>;\s*rel="?next"?/.exec(String(headers['link'] ?? '')) ?? [];
  return path;
}

function wrongArchitecture(asked: string, available: readonly string[]): RegistryFailure {
  return {
    kind: 'wrong_architecture',
    detail: `there is no linux/${asked}, only ${available.join(', ') || 'other systems'}`,
    available,
  };
}

function unreadable(detail: string): RegistryFailure {
  return { kind: 'unreachable', detail: `the image was found, but ${detail}` };
}

function understood<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
