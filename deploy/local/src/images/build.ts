import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { registryUrl } from '../engines/registry.js';
import { ensureDir } from '../paths.js';
import type { TaskUnit } from '../unit.js';
import { debianBase, debianImages, goImages, suite, type Image } from './catalogue.js';
import { builtLayer, debian } from './layers.js';
import { digestOf, pushImage, type ImageConfig } from './registry.js';

/** Static programs: the image that the clusters need for every pod, and the small samples. */
export function imagesUnit(context: Context, needs: string[]): TaskUnit {
  return {
    kind: 'task',
    name: 'images',
    title: `${goImages.length} images in the registry`,
    group: 'prepare',
    needs,
    run: (report) => pushAll(context, goImages, report),
  };
}

/** Node and a web server from Debian packages, and the samples on top of them. Only the sample company waits for it. */
export function debianImagesUnit(context: Context): TaskUnit {
  return {
    kind: 'task',
    name: 'debian-images',
    title: `${debianImages.length} images from Debian packages`,
    group: 'prepare',
    needs: ['images'],
    gates: false,
    run: (report) => pushAll(context, debianImages, report),
  };
}

/** A whole Debian base image. Nothing waits for it. */
export function baseImageUnit(context: Context): TaskUnit {
  return {
    kind: 'task',
    name: 'base-image',
    title: `${debianBase.name} from Debian packages`,
    group: 'prepare',
    needs: ['debian-images'],
    gates: false,
    async run(report) {
      const key = createHash('sha256')
        .update(JSON.stringify([debianBase, suite]))
        .digest('hex')
        .slice(0, 12);
      const layer = join(context.settings.cacheDir, `debian-${suite}-${key}.tar.gz`);
      if (!existsSync(layer)) {
        report('putting Debian packages together with mmdebstrap: about half a minute');
        const part = `${layer}.${process.pid}.tar.gz`;
        await debian(['--variant=minbase', `--include=${debianBase.packages.join(',')}`, suite, part]);
        renameSync(part, layer);
      }
      await pushOnce(context, debianBase.name, [layer], { command: ['/bin/bash'] });
    },
  };
}

async function pushAll(context: Context, images: Image[], report: (detail: string) => void): Promise<void> {
  for (const { name, layers, config } of images) {
    const built = [];
    for (const layer of layers) built.push(await builtLayer(context.settings, layer, report));
    const labels = Object.assign(
      { 'org.opencontainers.image.version': name.split(':')[1] },
      ...built.map((one) => one.labels),
    );
    await pushOnce(
      context,
      name,
      built.map((one) => one.file),
      { ...config, labels },
    );
  }
}

/** What was pushed is noted beside the registry's store, so that a second `up` only asks whether it is still there. */
async function pushOnce(context: Context, name: string, layers: string[], config: ImageConfig): Promise<void> {
  const registry = registryUrl(context);
  const notes = ensureDir(context.path('images'));
  const note = join(
    notes,
    createHash('sha256')
      .update(JSON.stringify([registry, name, layers, config]))
      .digest('hex')
      .slice(0, 16),
  );
  const known = existsSync(note) && (await digestOf(registry, name)) !== undefined;
  if (known) return;
  await pushImage(registry, name, layers, config);
  mkdirSync(note, { recursive: true });
}
