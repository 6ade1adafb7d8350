/** Images that the platform makes itself, so that nothing depends on a public registry. */
export interface GoImage {
  /** Repository and tag in the registry. */
  name: string;
  /** Folder under deploy/local/images. */
  source: string;
  /** Values of the program's variables, set by the linker. */
  variables: Record<string, string>;
  user: string;
  port: number | undefined;
}

export const pauseImage = 'berth/pause:1';

const sample = (name: string, source: string, variables: Record<string, string>, port?: number): GoImage => ({
  name,
  source,
  variables,
  user: '1000:1000',
  port,
});

export const goImages: GoImage[] = [
  { name: pauseImage, source: 'pause', variables: {}, user: '65535:65535', port: undefined },
  sample('berth/sample-web:1.0', 'web', { version: '1.0' }, 8080),
  sample('berth/sample-web:1.1', 'web', { version: '1.1' }, 8080),
  sample('berth/sample-web:1.2-bad-probe', 'web', { version: '1.2-bad-probe', badProbe: 'yes' }, 8080),
  sample('berth/sample-worker:1.0', 'worker', {}),
  sample('berth/sample-crash:1.0', 'crash', {}),
];

/** Debian's own packages, for images that people build upon. */
export const debianImage = { name: 'berth/base:bookworm', suite: 'bookworm', packages: ['ca-certificates', 'tzdata'] };
