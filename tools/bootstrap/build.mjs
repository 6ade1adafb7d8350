import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { exclusively, patiently, root, run, say, stamp, Stop } from './shell.mjs';

const packages = ['libs/contracts', 'libs/api', 'libs/engines', 'libs/clients', 'libs/platform', 'libs/testing'];
const skipped = new Set(['node_modules', 'dist', '.vite', 'screenshots', 'golden']);

/** Services, libraries, tools and the portal; each only when its content differs from what was built last. */
export function buildAll(node, { always = false } = {}) {
  return exclusively('build', async () => {
    await buildCode(node, always);
    await buildPortal(node, always);
  });
}

/** Only the local platform and what it imports. */
export function buildLocal(node) {
  return exclusively('build', () =>
    typescript(node, 'local', ['deploy/local', 'libs/contracts', 'libs/api'], ['deploy/local'], false),
  );
}

function buildCode(node, always) {
  const services = readdirSync(join(root, 'services'))
    .filter((name) => name !== 'web-portal')
    .map((name) => `services/${name}`);
  return typescript(
    node,
    'code',
    [...packages, ...services, 'services/web-portal', 'deploy/local', 'tools', 'e2e'],
    [],
    always,
  );
}

async function typescript(node, name, dirs, projects, always) {
  const key = contentHash([...dirs, 'tsconfig.json', 'tsconfig.base.json'], /\.(ts|tsx|json)$/);
  const done = stamp(`build-${name}`);
  // The hash says what was built, the folders whether it is still there.
  if (!always && done.is(key) && dirs.every(isBuilt)) return;
  say('Building: one to two minutes the first time …');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = await patiently('building', run(node, [tsc, '-b', ...projects]));
  if (code !== 0) throw new Stop(`${output.trim()}\n\nThe code does not compile; what the compiler said is above.`);
  done.set(key);
}

/** Packages without sources, and the portal, which only a bundler writes, count as built. */
const isBuilt = (dir) =>
  dir === 'services/web-portal' || !hasSources(join(root, dir)) || existsSync(join(root, dir, 'dist'));
const hasSources = (dir) => files(dir).some((file) => /\.tsx?$/.test(file));

async function buildPortal(node, always) {
  const portal = 'services/web-portal';
  if (!existsSync(join(root, portal, 'index.html'))) return;
  const key = contentHash([portal, 'libs/api', 'libs/contracts'], /./);
  const done = stamp('build-portal');
  if (!always && done.is(key) && existsSync(join(root, portal, 'dist/app/index.html'))) return;
  say('Building the portal …');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const bundling = run(node, [vite, 'build', '--logLevel', 'warn'], { cwd: join(root, portal) });
  const { code, output } = await patiently('building the portal', bundling);
  if (code !== 0) throw new Stop(`${output.trim()}\n\nThe portal does not build; what the bundler said is above.`);
  done.set(key);
}

/** Hash of names and contents, so that a fresh checkout of the same commit is not built again. */
function contentHash(paths, pattern) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const full = join(root, path);
    const all = path.endsWith('.json') ? [full] : files(full).filter((name) => pattern.test(name));
    for (const file of all) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

function files(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? files(join(dir, entry.name)) : [join(dir, entry.name)]));
}
