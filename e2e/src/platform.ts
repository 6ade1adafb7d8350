import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

export const root = path.join(import.meta.dirname, '../..');
const bootstrap = path.join(root, 'tools/bootstrap.mjs');
const run = promisify(execFile);

const Status = z.looseObject({
  healthy: z.boolean(),
  url: z.string(),
  adminUser: z.string(),
  adminPasswordFile: z.string(),
  engines: z.array(
    z.looseObject({
      name: z.string(),
      state: z.string(),
      pid: z.number().nullable().optional(),
      address: z.string().nullable().optional(),
    }),
  ),
  services: z.array(
    z.looseObject({
      name: z.string(),
      state: z.string(),
      pid: z.number().nullable().optional(),
      url: z.string().nullable().optional(),
    }),
  ),
  clusters: z.array(z.looseObject({ name: z.string(), kubeconfig: z.string(), ready: z.boolean() })),
});
export type Status = z.infer<typeof Status>;

/** What `npm run status -- --json` says of the platform that BERTH_STATE_DIR names (the checkout's own when unset). */
export async function status(): Promise<Status> {
  const { stdout } = await run(process.execPath, [bootstrap, 'status', '--json'], { cwd: root, maxBuffer: 1 << 24 });
  return Status.parse(JSON.parse(stdout.slice(stdout.indexOf('{'))));
}

/** First password of the administrator, as `up` wrote it. */
export function adminPassword(of: Pick<Status, 'adminPasswordFile'>): string {
  return readFileSync(path.resolve(root, of.adminPasswordFile), 'utf8').trim();
}

/** Waits until `look` answers something, asking again every `everyMs`; fails with what was last seen after `withinMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 60_000,
  everyMs = 250,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown = 'nothing';
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
