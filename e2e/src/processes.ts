import { eventually, status } from './platform.js';

/** The process of a unit of the platform, such as `ipaas-1` or `kafka`. */
export async function unit(name: string): Promise<{ pid: number; isReady: boolean }> {
  const row = (await status()).units.find((each) => each.name === name);
  if (!row?.pid) throw new Error(`${name} has no process`);
  return { pid: row.pid, isReady: row.state === 'ready' };
}

/** Ends a process without a word (PostgreSQL: a restart that breaks every connection) and waits for its successor. */
export async function killUnit(name: string): Promise<void> {
  const { pid } = await unit(name);
  process.kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGKILL');
  await eventually(
    `a new ${name}`,
    async () => {
      const now = await unit(name);
      return now.pid !== pid && now.isReady;
    },
    60_000,
    500,
  );
}
