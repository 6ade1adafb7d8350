// Everything that `npm run …` needs on a fresh clone: no dependency, Node 20 or newer, plain JavaScript.
// It installs what is missing, builds what is stale, and hands over to the built code under Node 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll, buildLocal } from './bootstrap/build.mjs';
import { ensureDependencies } from './bootstrap/dependencies.mjs';
import { findNode } from './bootstrap/node.mjs';
import { ensurePackages } from './bootstrap/packages.mjs';
import { root, Stop } from './bootstrap/shell.mjs';

const [verb = 'help', ...args] = process.argv.slice(2);

/** Runs a script of the repository under Node 24, with that Node first in PATH. */
function hand(node, script, scriptArgs, nodeArgs = []) {
  const file = join(root, script);
  if (!existsSync(file)) throw new Stop(`${script} is not there yet: npm run build`);
  const env = { ...process.env, PATH: `${join(node, '..')}:${process.env.PATH ?? ''}` };
  const child = spawn(node, [...nodeArgs, file, ...scriptArgs], { cwd: root, stdio: 'inherit', env });
  // Ctrl-C reaches the child by itself, as it belongs to the same terminal; this process only waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1))));
}

const local = (node) => hand(node, 'deploy/local/dist/main.js', [verb, ...args]);
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/** Only the supervisor's own code is needed, as it was built last: looking and stopping must not wait for an install. */
async function withLocal() {
  const isBuilt = existsSync(join(root, 'deploy/local/dist/main.js')) && existsSync(join(root, 'node_modules/zod'));
  const node = isBuilt ? await findNode() : await prepare();
  if (!isBuilt) await buildLocal(node);
  return local(node);
}

async function prepare() {
  await ensureDependencies();
  return findNode();
}

const verbs = {
  async up() {
    await ensurePackages({ args });
    const node = await prepare();
    await (args.includes('--no-services') || args.some((arg) => arg.startsWith('--only'))
      ? buildLocal(node)
      : buildAll(node));
    return local(node);
  },
  down: withLocal,
  status: withLocal,
  reset: withLocal,
  logs: withLocal,
  'admin-reset': withLocal,
  'audit-verify': withLocal,
  async test() {
    await ensurePackages({ args: [...args, '--yes'], browser: true });
    const node = await prepare();
    await buildAll(node);
    return hand(node, 'tools/dist/test.js', args);
  },
  async build() {
    await buildAll(await prepare(), { always: true });
    return 0;
  },
  async lint() {
    const node = await prepare();
    const code = await hand(node, 'node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0', ...args]);
    return code || hand(node, 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']);
  },
  async unit() {
    return hand(await prepare(), 'node_modules/jest/bin/jest.js', ['--selectProjects', 'unit', '--', ...args], jest);
  },
  async verify() {
    await buildAll(await prepare(), { always: true });
    return (await verbs.lint()) || verbs.unit();
  },
  async generate() {
    const node = await prepare();
    await buildAll(node);
    return hand(node, 'tools/dist/generate.js', args);
  },
  async pictures() {
    await ensurePackages({ args, browser: true });
    const node = await prepare();
    await buildAll(node);
    return hand(node, 'e2e/dist/pictures.js', args);
  },
};

try {
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run) throw new Stop(`usage: npm run ${Object.keys(verbs).join(' | ')}`);
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
