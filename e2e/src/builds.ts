import { spawn } from 'node:child_process';
import { cpSync, existsSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServiceName } from '@berth/contracts';
import { stateFile } from './environment.js';
import { eventually, root, status } from './platform.js';

/** A copy of the built service in which one file is changed; answers what to start. */
export function changedBuild(service: ServiceName, file: string, change: (text: string) => string): string {
  const folder = stateFile(`next-${service}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(path.join(root, 'services', service, 'dist'), path.join(folder, 'dist'), { recursive: true });
  cpSync(path.join(root, 'services', service, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const changed = path.join(folder, 'dist', file);
  if (!existsSync(changed)) throw new Error(`${service} has no ${file}`);
  writeFileSync(changed, change(readFileSync(changed, 'utf8')));
  return path.join(folder, 'dist/main.js');
}

/** Replaces every copy of a service by this build, as an upgrade of the platform does; null: by its own build again. */
export async function runBuild(service: ServiceName, main: string | null): Promise<void> {
  const { supervisor, services } = await status();
  const before = services.filter((row) => row.service === service);
  if (supervisor.pid === null) throw new Error('no supervisor runs');
  const heir: [string, ...string[]] = main
    ? [path.join(root, 'e2e/dist/other-build.js'), service, main]
    : [path.join(root, 'deploy/local/dist/main.js'), 'supervise'];
  process.kill(supervisor.pid, 'SIGUSR2');
  await eventually('the supervisor has left', () => Promise.resolve(!existsSync(`/proc/${supervisor.pid}`)), 10_000);
  const log = openSync(stateFile('logs', 'supervisor.log'), 'a', 0o600);
  spawn(process.execPath, heir, { cwd: root, detached: true, stdio: ['ignore', log, log] }).unref();
  await eventually(
    `every copy of ${service} replaced`,
    async () => {
      const now = await status();
      const replaced = now.services.filter((row) => row.service === service && row.ready);
      const same = replaced.filter(({ pid }) => before.some((row) => row.pid === pid));
      return now.healthy && replaced.length === before.length && same.length === 0;
    },
    120_000,
  );
}
