import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';

export interface ImageConfig {
  user?: string;
  entrypoint?: string[];
  command?: string[];
  port?: number | undefined;
  env?: Record<string, string>;
  /** What asks it to end; SIGTERM when absent. */
  stopSignal?: string;
  labels?: Record<string, string>;
}

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const sha256 = (data: Buffer | string): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;

/** Puts an image into a registry, without any daemon: its layers, from below to above, and a manifest over HTTP. */
export async function pushImage(
  registry: string,
  name: string,
  layerFiles: string[],
  config: ImageConfig,
): Promise<string> {
  const [repository = '', tag = 'latest'] = name.split(':');
  const layers: Awaited<ReturnType<typeof describeLayer>>[] = [];
  for (const file of layerFiles) {
    const layer = await describeLayer(file);
    await pushBlob(registry, repository, layer.digest, layer.size, () => Readable.toWeb(createReadStream(file)));
    layers.push(layer);
  }
  const diffIds = layers.map((layer) => layer.diffId);
  const configText = imageConfig(config, diffIds);
  await pushBlob(registry, repository, sha256(configText), Buffer.byteLength(configText), () => configText);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: ociManifest,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: sha256(configText),
      size: Buffer.byteLength(configText),
    },
    layers: layers.map(({ digest, size }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size,
    })),
  });
  const url = `${registry}/v2/${repository}/manifests/${tag}`;
  await expectStatus(
    await fetch(url, { method: 'PUT', headers: { 'content-type': ociManifest }, body: manifest }),
    201,
  );
  return sha256(manifest);
}

/** Digest behind a tag, or undefined where there is none. */
export async function digestOf(registry: string, name: string): Promise<string | undefined> {
  const [repository = '', tag = 'latest'] = name.split(':');
  const answer = await fetch(`${registry}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: ociManifest },
  });
  return answer.status === 200 ? (answer.headers.get('docker-content-digest') ?? undefined) : undefined;
}

async function describeLayer(file: string) {
  const packed = await readFile(file);
  const tar = await promisify(gunzip)(packed);
  return { digest: sha256(packed), diffId: sha256(tar), size: (await stat(file)).size };
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** No times: the same content always has the same digest. */
function imageConfig(config: ImageConfig, diffIds: string[]): string {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  return JSON.stringify({
    architecture,
    os: 'linux',
    config: {
      ...(config.user ? { User: config.user } : {}),
      ...(config.entrypoint ? { Entrypoint: config.entrypoint } : {}),
      ...(config.command ? { Cmd: config.command } : {}),
      ...(config.port ? { ExposedPorts: { [`${config.port}/tcp`]: {} } } : {}),
      Env: [`PATH=${path}`, ...Object.entries(config.env ?? {}).map(([name, value]) => `${name}=${value}`)],
      WorkingDir: '/',
      ...(config.stopSignal ? { StopSignal: config.stopSignal } : {}),
      ...(config.labels ? { Labels: config.labels } : {}),
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: diffIds.map(() => ({ created_by: 'berth' })),
  });
}

async function pushBlob(
  registry: string,
  repository: string,
  digest: string,
  size: number,
  body: () => string | ReadableStream,
): Promise<void> {
  const head = await fetch(`${registry}/v2/${repository}/blobs/${digest}`, { method: 'HEAD' });
  if (head.status === 200) return;
  const started = await fetch(`${registry}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  await expectStatus(started, 202);
  const location = new URL(started.headers.get('location') ?? '', registry);
  location.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
  await expectStatus(await fetch(location, { method: 'PUT', headers, body: body(), duplex: 'half' }), 201);
}

async function expectStatus(answer: Response, status: number): Promise<void> {
  if (answer.status !== status)
    throw new Error(`the registry answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
