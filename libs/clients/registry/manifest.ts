import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from './json.js';
import type { ExposedPort } from './registry.js';

export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  image: 'application/vnd.docker.distribution.manifest.v2+json',
} as const;

export const acceptManifests = Object.values(mediaTypes).join(', ');

const descriptor = z.object({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
});

const manifestSchema = z.object({ schemaVersion: z.literal(2), config: descriptor, layers: z.array(descriptor) });

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  manifests: z.array(
    descriptor.extend({ platform: z.object({ os: z.string(), architecture: z.string() }).optional() }),
  ),
});

const strings = z.array(z.string()).nullish();

const configSchema = z.object({
  architecture: z.string(),
  os: z.string(),
  config: z
    .object({
      User: z.string().nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
      Entrypoint: strings,
      Cmd: strings,
      Env: strings,
    })
    .nullish(),
});

export type Manifest =
  | { readonly kind: 'image'; readonly config: { digest: string; size: number }; readonly sizeBytes: number }
  | { readonly kind: 'index'; readonly entries: readonly { digest: string; os: string; architecture: string }[] };

/** What the bytes of a manifest say. Throws for anything that is neither an image nor a list of images (also schema 1). */
export function readManifest(body: Buffer): Manifest {
  const parsed = parseJson(body.toString('utf8'), z.union([manifestSchema, indexSchema]));
  if ('manifests' in parsed) {
    const entries = parsed.manifests.map(({ digest, platform }) => ({
      digest,
      os: 'unknown',
      architecture: 'unknown',
      ...platform,
    }));
    return { kind: 'index', entries };
  }
  const sizeBytes = parsed.layers.reduce((sum, { size }) => sum + size, parsed.config.size);
  return { kind: 'image', config: parsed.config, sizeBytes };
}

/** What the configuration of an image says about how it runs. */
export function readConfig(body: Buffer) {
  const { architecture, os, config } = parseJson(body.toString('utf8'), configSchema);
  return {
    architecture,
    os,
    user: config?.User ?? '',
    exposedPorts: portsOf(Object.keys(config?.ExposedPorts ?? {})),
    command: [...(config?.Entrypoint ?? []), ...(config?.Cmd ?? [])],
    env: config?.Env ?? [],
  };
}

export function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** `8080/tcp`, `53/udp`, `80`: sorted by number. */
function portsOf(keys: readonly string[]): ExposedPort[] {
  return keys
    .flatMap((key): ExposedPort[] => {
      const [, number = '', protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(key) ?? [];
      const port = Number(number);
      return port >= 1 && port <= 65_535 ? [{ port, protocol: protocol === 'udp' ? 'udp' : 'tcp' }] : [];
    })
    .sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol));
}
