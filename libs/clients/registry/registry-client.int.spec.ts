import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@berth/testing';
import type { SampleImage } from './fake-registry.js';
import { digestOf, mediaTypes } from './manifest.js';
import { parseImageReference } from './reference.js';
import { createRegistryClient } from './registry-client.js';
import { registryContract } from './registry.contract.js';

const binary = '/usr/bin/docker-registry';
const credential = { username: 'robot', password: 'U*U' };
/** bcrypt of the password above: a published test vector. */
const htpasswd = 'robot:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n';

registryContract('a real registry', async () => {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: install the Debian package docker-registry`);
  const folder = await mkdtemp(join(tmpdir(), 'berth-registry-'));
  await writeFile(join(folder, 'htpasswd'), htpasswd);
  const plain = await startRegistry(folder, 'open', '');
  const locked = await startRegistry(
    folder,
    'locked',
    `auth: {htpasswd: {realm: berth, path: ${join(folder, 'htpasswd')}}}\n`,
  );
  const mirrors = {
    'open.example:5000': plain.origin,
    'private.example:5000': locked.origin,
    'silent.example': `http://127.0.0.1:${await freePort()}`,
  };
  return {
    client: createRegistryClient({ mirrors }),
    openHost: 'open.example:5000',
    protectedHost: 'private.example:5000',
    silentHost: 'silent.example',
    credential,
    push: (sample) => push(mirrors, sample),
    close: async () => {
      await Promise.all([plain.stop(), locked.stop()]);
      await rm(folder, { recursive: true });
    },
  };
});

async function startRegistry(folder: string, name: string, extra: string) {
  const port = await freePort();
  const config = join(folder, `${name}.yml`);
  const storage = `storage: {filesystem: {rootdirectory: ${join(folder, name)}}}\n`;
  await writeFile(
    config,
    `version: 0.1\nlog: {accesslog: {disabled: true}, level: error}\n${storage}http: {addr: '127.0.0.1:${port}'}\n${extra}`,
  );
  const child = spawn(binary, ['serve', config], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const origin = `http://127.0.0.1:${port}`;
  await answering(`${origin}/v2/`, exited);
  const stop = async () => {
    child.kill();
    await exited;
  };
  return { origin, stop };
}

/** Asks until somebody answers; a process that ended never will. */
async function answering(url: string, exited: Promise<unknown>): Promise<void> {
  let isOver = false;
  void exited.then(() => (isOver = true));
  for (;;) {
    if (isOver) throw new Error('the registry ended at once');
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return;
  }
}

/** Pushes by the plain HTTP API: one small layer, one configuration a architecture, a list when there are several. */
async function push(mirrors: Readonly<Record<string, string>>, sample: SampleImage): Promise<string> {
  const reference = parseImageReference(sample.image);
  if (reference.kind !== 'ok') throw new Error(reference.detail);
  const base = `${mirrors[reference.registry]}/v2/${reference.repository}`;
  const { architectures = ['amd64'] } = sample;
  const layer = await putBlob(base, Buffer.from('no real layer: the contract never unpacks it'));
  const images = [];
  for (const architecture of architectures) {
    const config = await putBlob(base, Buffer.from(JSON.stringify(configOf(sample, architecture))));
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
    };
    images.push({ architecture, body: Buffer.from(JSON.stringify(manifest)) });
  }
  const [single] = images;
  const tag = reference.tag ?? 'latest';
  if (images.length === 1 && single) return putManifest(base, tag, mediaTypes.manifest, single.body);

  const manifests = [];
  for (const { architecture, body } of images) {
    const digest = await putManifest(base, digestOf(body), mediaTypes.manifest, body);
    manifests.push({
      mediaType: mediaTypes.manifest,
      digest,
      size: body.length,
      platform: { os: 'linux', architecture },
    });
  }
  const list = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
  return putManifest(base, tag, mediaTypes.index, list);
}

function configOf({ user, ports, command, env }: SampleImage, architecture: string) {
  const exposed = ports && Object.fromEntries(ports.map((port) => [port, {}]));
  const config = {
    User: user,
    ExposedPorts: exposed,
    Entrypoint: command?.slice(0, 1),
    Cmd: command?.slice(1),
    Env: env,
  };
  return { architecture, os: 'linux', config, rootfs: { type: 'layers', diff_ids: [] } };
}

async function putBlob(base: string, body: Buffer): Promise<{ digest: string; size: number }> {
  const digest = digestOf(body);
  const begun = await send(`${base}/blobs/uploads/`, 'POST');
  const place = new URL(begun.headers.get('location') ?? '', base);
  place.searchParams.set('digest', digest);
  await send(place, 'PUT', body, 'application/octet-stream');
  return { digest, size: body.length };
}

async function putManifest(base: string, name: string, type: string, body: Buffer): Promise<string> {
  await send(`${base}/manifests/${name}`, 'PUT', body, type);
  return digestOf(body);
}

async function send(url: string | URL, method: string, body?: Buffer, type?: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`;
  const headers = { authorization, ...(type ? { 'content-type': type } : {}) };
  const answer = await fetch(url, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) });
  if (!answer.ok) throw new Error(`${method} ${String(url)}: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
  return answer;
}
