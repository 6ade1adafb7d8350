import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSettings, readStatus, type PlatformStatus } from '@berth/local';

export const root = path.join(import.meta.dirname, '../..');

/** What `npm run status -- --json` says of the platform that BERTH_STATE_DIR names (the checkout's own when unset). */
export function status(): Promise<PlatformStatus & { url: string }> {
  const { url, ...rest } = readStatus(readSettings());
  if (!url) throw new Error('no platform runs: npm run up');
  return Promise.resolve({ url, ...rest });
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
