import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively, patiently, root, run, say, stamp, Stop } from './shell.mjs';

const lockFile = join(root, 'package-lock.json');
/** npm writes this file at the end of every install. */
const installed = join(root, 'node_modules/.package-lock.json');

/** `npm ci` when nothing is installed or something else is locked than what was installed. */
export function ensureDependencies() {
  const key = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  const done = stamp('dependencies');
  const isCurrent = () => existsSync(installed) && (done.is(key) || isNewer(installed, lockFile));
  if (isCurrent()) return undefined;
  return exclusively('install', async () => {
    if (isCurrent()) return;
    say('Installing the packages of package-lock.json with npm ci: 0.7 GB, one to two minutes …');
    const install = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { show: true });
    const { code } = await patiently('installing npm packages', install);
    if (code !== 0) throw new Stop(await explain());
    done.set(key);
  });
}

const isNewer = (a, b) => statSync(a).mtimeMs >= statSync(b).mtimeMs;

async function explain() {
  const { output } = await run('npm', ['config', 'get', 'registry']);
  return (
    'npm ci did not work; what it said is above.\n' +
    `It asks ${output.trim()}. Another registry: npm_config_registry=https://… npm run up; a proxy: HTTPS_PROXY=http://…`
  );
}
