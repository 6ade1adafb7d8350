import type { ImageConfig } from './registry.js';

/** What an image is made of, from below to above. Equal layers are built, kept and pushed once. */
export type Layer =
  /** Debian packages with everything they depend on, unpacked; no installation script runs. */
  | { kind: 'packages'; packages: string[] }
  /** A static program from a folder under deploy/local/images. */
  | { kind: 'go'; source: string; variables: Record<string, string> }
  /** The files of such a folder. */
  | { kind: 'files'; source: string };

/** An image that the platform makes itself, so that nothing depends on a public registry. */
export interface Image {
  /** Repository and tag in the registry. */
  name: string;
  layers: Layer[];
  config: ImageConfig;
}

export const pauseImage = 'berth/pause:1';
const user = '1000:1000';

function goImage(
  name: string,
  source: string,
  options: { variables?: Record<string, string>; port?: number } = {},
): Image {
  const { variables = {}, port } = options;
  return { name, layers: [{ kind: 'go', source, variables }], config: { user, entrypoint: ['/app'], port } };
}

const api = (version: string, variables: Record<string, string> = {}): Image =>
  goImage(`berth/sample-api:${version}`, 'api', { variables: { version, ...variables }, port: 8080 });

/** Static programs alone in their image: quickly built, and the clusters start with one of them. */
export const goImages: Image[] = [
  { ...goImage(pauseImage, 'pause'), config: { user: '65535:65535', entrypoint: ['/app'] } },
  api('1.0'),
  api('1.1'),
  // Listens where no check reaches it, a common mistake; LISTEN_HOST=0.0.0.0 mends it.
  api('1.2-bad-probe', { listenHost: '127.0.0.1' }),
  goImage('berth/sample-worker:1.0', 'worker'),
  goImage('berth/sample-crash:1.0', 'crash'),
];

const node: Layer = { kind: 'packages', packages: ['nodejs', 'ca-certificates'] };
const webServer: Layer = { kind: 'packages', packages: ['nginx', 'ca-certificates'] };

const web = (version: string, env: Record<string, string> = {}): Image => ({
  name: `berth/sample-web:${version}`,
  layers: [node, { kind: 'files', source: 'web' }],
  config: {
    user,
    entrypoint: ['/usr/bin/node', '/app/server.mjs'],
    port: 8080,
    env: { NODE_OPTIONS: '--max-old-space-size=32 --max-semi-space-size=1', SAMPLE_VERSION: version, ...env },
  },
});

/** A small web server and Node from Debian packages, and the samples on top of them. */
export const debianImages: Image[] = [
  { name: 'berth/node:18', layers: [node], config: { user, entrypoint: ['/usr/bin/node'] } },
  {
    name: 'berth/nginx:1.22',
    layers: [webServer],
    config: { user, entrypoint: ['/usr/sbin/nginx'], stopSignal: 'SIGQUIT' },
  },
  web('1.0'),
  web('1.1'),
  web('1.2-bad-probe', { LISTEN_HOST: '127.0.0.1' }),
  {
    name: 'berth/sample-site:1.0',
    layers: [webServer, { kind: 'files', source: 'site' }],
    config: { user, entrypoint: ['/usr/sbin/nginx'], port: 8080, stopSignal: 'SIGQUIT' },
  },
];

/** A whole Debian with its package manager, for images that people build upon. */
export const debianBase = { name: 'berth/base:bookworm', packages: ['ca-certificates', 'tzdata'] };

/** The Debian that packages come from. */
export const suite = 'bookworm';
