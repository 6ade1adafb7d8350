import { createHash } from 'node:crypto';
import { developerValue } from '../environment.js';

/** Puts an image for machines that the clusters do not have into the platform's registry; answers its name. */
export async function pushForeignImage(architecture: string): Promise<string> {
  const repository = 'e2e/foreign';
  const base = `${developerValue('BERTH_TEST_REGISTRY_URL')}/v2/${repository}`;
  const config = JSON.stringify({ architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } });
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  const upload = await sent(`${base}/blobs/uploads/`, { method: 'POST' });
  const place = new URL(upload.headers.get('location') ?? '', base);
  place.searchParams.set('digest', digest);
  await sent(place, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: config });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const described = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: described, layers: [] });
  await sent(`${base}/manifests/${architecture}`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: manifest,
  });
  return `${developerValue('BERTH_TEST_REGISTRY_NAME')}/${repository}:${architecture}`;
}

async function sent(url: string | URL, request: RequestInit): Promise<Response> {
  const response = await fetch(url, request);
  if (!response.ok) throw new Error(`${String(url)}: ${response.status} ${await response.text()}`);
  return response;
}
