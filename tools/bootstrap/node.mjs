import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, Stop } from './shell.mjs';

const wanted = 24;

/** Path of a Node 24: the one pinned in package.json where there is one for this machine, else the system's. */
export async function findNode() {
  const pinned = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  const candidates = [pinned, process.execPath, 'node'].filter((path) => path === 'node' || existsSync(path));
  for (const candidate of candidates) {
    const { code, output } = await run(candidate, ['-p', 'process.versions.node + " " + process.execPath']);
    const [version = '', path = ''] = output.trim().split(' ');
    if (code === 0 && Number.parseInt(version, 10) >= wanted) return path;
  }
  throw new Stop(
    `Berth runs on Node.js ${wanted}. Linux on x64 and arm64 gets it from npm by itself; here install it, for example\n` +
      `  from https://nodejs.org/en/download or with nvm install ${wanted}, and run the command again.`,
  );
}
