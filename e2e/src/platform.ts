import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PlatformStatus } from '@berth/local';

export const root = path.join(import.meta.dirname, '../..');
const bootstrap = path.join(root, 'tools/bootstrap.mjs');
const run = promisify(execFile);

/** What `npm run status -- --json` says of the platform that BERTH_STATE_DIR names (the checkout's own when unset). */
export async function status(): Promise<PlatformStatus & { url: string }> {
  const { stdout } = await run(process.execPath, [bootstrap, 'status', '--json'], { cwd: root, maxBuffer: 1 << 24 });
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as unknown as PlatformStatus & { url: string }; // our own supervisor wrote it
}

/** First password of the administrator, as `up` wrote it into its file. */
export function adminPassword(file: string): string {
  return readFileSync(path.resolve(root, file), 'utf8').trim();
}

/** Waits until `look` answers something, asking again every `everyMs`; fails with what was last seen after `withinMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 60_000,
  everyMs = 250,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
