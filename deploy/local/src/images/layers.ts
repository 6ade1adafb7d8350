import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { buildEnv, debianMirror, type Settings } from '../config.js';
import { go } from '../kubernetes/binary.js';
import { ensureDir } from '../paths.js';
import { run } from '../run.js';
import { suite, type Layer } from './catalogue.js';

/** A packed layer in the cache. The file's name follows what it is made from, so a change builds another. */
export interface BuiltLayer {
  file: string;
  labels: Record<string, string>;
}

/** Builds the layer once. The same sources and packages give the same bytes: sorted names, no times, no owners. */
export async function builtLayer(
  settings: Settings,
  layer: Layer,
  report: (detail: string) => void,
): Promise<BuiltLayer> {
  const file = join(settings.cacheDir, 'images', `${nameOf(layer)}-${contentKey(settings, layer)}.tar.gz`);
  const note = file.replace(/\.tar\.gz$/, '.json');
  if (!existsSync(file) || !existsSync(note)) {
    const part = ensureDir(`${file}.${process.pid}`);
    try {
      const labels = await fill(settings, layer, part, report);
      writeFileSync(note, JSON.stringify(labels));
      // What a checkout's umask made of its files must not make another image.
      await pack(part, file, layer.kind === 'packages' ? [] : ['--mode=u=rwX,go=rX']);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  return { file, labels: labelsSchema.parse(JSON.parse(readFileSync(note, 'utf8'))) };
}

const labelsSchema = z.record(z.string(), z.string());

const nameOf = (layer: Layer): string => (layer.kind === 'packages' ? (layer.packages[0] ?? 'packages') : layer.source);

const sourceDir = (settings: Settings, source: string): string =>
  join(settings.checkout, 'deploy/local/images', source);

/** Hash of everything that the layer is made from. */
function contentKey(settings: Settings, layer: Layer): string {
  const hash = createHash('sha256').update(JSON.stringify([layer, suite, process.arch, formatVersion]));
  if (layer.kind !== 'packages') {
    const dir = sourceDir(settings, layer.source);
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
    for (const name of files.filter((one) => statSync(join(dir, one)).isFile()))
      hash.update(`${name}\0`).update(readFileSync(join(dir, name)));
  }
  if (layer.kind === 'go') hash.update(readFileSync(join(sourceDir(settings, '.'), 'go.mod')));
  return hash.digest('hex').slice(0, 12);
}

/** Raised when the steps below give other content for the same sources. */
const formatVersion = 1;

async function fill(
  settings: Settings,
  layer: Layer,
  dir: string,
  report: (detail: string) => void,
): Promise<Record<string, string>> {
  if (layer.kind === 'packages') return unpack(layer.packages, dir, report);
  const source = sourceDir(settings, layer.source);
  report(`building ${layer.source}`);
  if (layer.kind === 'files') {
    await run('cp', ['-R', `${source}/.`, dir]);
    return {};
  }
  const variables = Object.entries(layer.variables).map(([name, value]) => `-X main.${name}=${value}`);
  const ldflags = ['-s', '-w', ...variables].join(' ');
  const args = ['build', '-trimpath', '-ldflags', ldflags, '-o', join(dir, 'app'), `./${layer.source}`];
  await go(settings, args, { cwd: join(source, '..') });
  return {};
}

/** What programs need at run time is all that stays. */
const needless = ['var', 'usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'usr/share/lintian'];

async function unpack(
  packages: string[],
  dir: string,
  report: (detail: string) => void,
): Promise<Record<string, string>> {
  report(`unpacking ${packages.join(', ')} of Debian ${suite}`);
  await debian(['--variant=extract', '--skip=cleanup/apt', `--include=${packages.join(',')}`, suite, dir]);
  const archives = readdirSync(join(dir, 'var/cache/apt/archives')).filter((name) => name.endsWith('.deb'));
  trustDebiansAuthorities(dir);
  for (const path of needless) rmSync(join(dir, path), { recursive: true, force: true });
  for (const path of ['tmp', 'var/tmp']) ensureDir(join(dir, path), 0o1777);
  writeFileSync(join(dir, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/tmp:/bin/sh\n');
  writeFileSync(join(dir, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
  return { 'dev.berth.debian': suite, 'dev.berth.packages': versionsOf(archives) };
}

/** `nginx=1.22.1-9, zlib1g=1:1.2.13` from the names of package files. */
export function versionsOf(archives: string[]): string {
  return archives
    .map((name) => decodeURIComponent(name).split('_'))
    .map(([name = '', version = '']) => `${name}=${version}`)
    .sort()
    .join(', ');
}

/** What the installation script of ca-certificates would do: all authorities in one file. */
function trustDebiansAuthorities(dir: string): void {
  const from = join(dir, 'usr/share/ca-certificates/mozilla');
  if (!existsSync(from)) return;
  const all = readdirSync(from)
    .sort()
    .map((name) => readFileSync(join(from, name), 'utf8'));
  writeFileSync(join(ensureDir(join(dir, 'etc/ssl/certs')), 'ca-certificates.crt'), all.join(''));
  rmSync(from, { recursive: true });
}

/** Calls mmdebstrap, which finds the closure of dependencies and checks Debian's signatures. */
export async function debian(args: string[]): Promise<void> {
  const mirror = debianMirror();
  await run('mmdebstrap', ['--quiet', ...args, ...(mirror ? [mirror] : [])], {
    env: buildEnv(),
    timeoutMs: 900_000,
  }).catch((error: unknown) => {
    throw new Error('Debian packages could not be fetched; BERTH_DEBIAN_MIRROR names another mirror', { cause: error });
  });
}

async function pack(dir: string, file: string, options: string[]): Promise<void> {
  const part = `${file}.part`;
  const same = [...options, '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['--create', '--use-compress-program=gzip -n', `--file=${part}`, ...same, '-C', dir, '.']);
  renameSync(part, file);
}
