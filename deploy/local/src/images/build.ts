import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnv, type Settings } from '../config.js';
import type { Context } from '../context.js';
import { registryUrl } from '../engines/registry.js';
import { go } from '../kubernetes/binary.js';
import { ensureDir } from '../paths.js';
import { run } from '../run.js';
import type { TaskUnit } from '../unit.js';
import { debianImage, goImages, type GoImage } from './catalogue.js';
import { digestOf, pushImage } from './registry.js';

/** The samples and the pause image: static programs alone in their image, built once and kept in the cache. */
export function imagesUnit(context: Context, needs: string[]): TaskUnit {
  return {
    kind: 'task',
    name: 'images',
    title: `${goImages.length} images in the registry`,
    group: 'prepare',
    needs,
    async run(report) {
      for (const image of goImages) {
        const layer = await goLayer(context.settings, image, report);
        await pushOnce(context, image.name, layer, { user: image.user, entrypoint: ['/app'], port: image.port });
      }
    },
  };
}

/** A Debian base image, made from packages by mmdebstrap. Nothing waits for it. */
export function baseImageUnit(context: Context): TaskUnit {
  return {
    kind: 'task',
    name: 'base-image',
    title: `${debianImage.name} from Debian packages`,
    group: 'prepare',
    needs: ['images'],
    gates: false,
    async run(report) {
      const key = createHash('sha256').update(JSON.stringify(debianImage)).digest('hex').slice(0, 12);
      const layer = join(context.settings.cacheDir, `debian-${debianImage.suite}-${key}.tar.gz`);
      if (!existsSync(layer)) {
        report('putting Debian packages together with mmdebstrap: about half a minute');
        const part = `${layer}.${process.pid}.tar.gz`;
        const include = `--include=${debianImage.packages.join(',')}`;
        await run('mmdebstrap', ['--quiet', '--variant=minbase', include, debianImage.suite, part], {
          env: buildEnv(),
          timeoutMs: 900_000,
        });
        renameSync(part, layer);
      }
      await pushOnce(context, debianImage.name, layer, { command: ['/bin/bash'] });
    },
  };
}

/** What was pushed is noted beside the registry's store, so that a second `up` only asks whether it is still there. */
async function pushOnce(
  context: Context,
  name: string,
  layer: string,
  config: Parameters<typeof pushImage>[3],
): Promise<void> {
  const registry = registryUrl(context);
  const notes = ensureDir(context.path('images'));
  const note = join(
    notes,
    createHash('sha256')
      .update(JSON.stringify([registry, name, layer, config]))
      .digest('hex')
      .slice(0, 16),
  );
  const known = existsSync(note) && (await digestOf(registry, name)) !== undefined;
  if (known) return;
  await pushImage(registry, name, layer, config);
  mkdirSync(note, { recursive: true });
}

async function goLayer(settings: Settings, image: GoImage, report: (detail: string) => void): Promise<string> {
  const sources = join(settings.checkout, 'deploy/local/images');
  const hash = createHash('sha256').update(JSON.stringify(image));
  for (const name of ['go.mod', `${image.source}/main.go`]) hash.update(readFileSync(join(sources, name)));
  const layer = join(settings.cacheDir, 'images', `${image.source}-${hash.digest('hex').slice(0, 12)}.tar.gz`);
  if (existsSync(layer)) return layer;
  report(`building ${image.name}`);
  const part = ensureDir(`${layer}.${process.pid}`);
  const variables = Object.entries(image.variables).map(([name, value]) => `-X main.${name}=${value}`);
  const ldflags = ['-s', '-w', ...variables].join(' ');
  await go(settings, ['build', '-trimpath', '-ldflags', ldflags, '-o', join(part, 'app'), `./${image.source}`], {
    cwd: sources,
  });
  await packLayer(part, `${part}.tar.gz`);
  renameSync(`${part}.tar.gz`, layer);
  rmSync(part, { recursive: true });
  return layer;
}

/** The same content gives the same bytes: sorted names, no times, no owners. */
async function packLayer(dir: string, file: string): Promise<void> {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['--create', '--use-compress-program=gzip -n', `--file=${file}`, ...same, '-C', dir, '.']);
}
