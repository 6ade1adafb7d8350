import { setTimeout as delay } from 'node:timers/promises';
import { eventually, status } from './platform.js';

/** The process of a unit of the platform, such as `ipaas-1` or `kafka`. */
export async function unit(name: string): Promise<{ pid: number; isReady: boolean }> {
  const row = (await status()).units.find((each) => each.name === name);
  if (!row?.pid) throw new Error(`${name} has no process`);
  return { pid: row.pid, isReady: row.state === 'ready' };
}

/** The copies of these services that run. */
export async function copiesOf(services: readonly string[]): Promise<string[]> {
  const names = (await status()).units.map(({ name }) => name);
  return names.filter((name) => services.includes(name.replace(/-\d+$/, '')) && /-\d+$/.test(name));
}

/** Ends a process without a word (PostgreSQL: a restart that breaks every connection) and waits for its successor. */
export async function killUnit(name: string): Promise<void> {
  const { pid } = await unit(name);
  process.kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGKILL');
  await successor(name, pid);
}

/**
 * Ends an engine and keeps it away for so long: whoever wants it is refused the connection. The supervisor, which would
 * bring it back at once, stands still meanwhile.
 */
export async function keepDown(name: string, forMs: number): Promise<void> {
  const { pid } = await unit(name);
  const supervisor = (await status()).supervisor.pid;
  if (supervisor === null) throw new Error('no supervisor runs, so nobody would bring it back');
  process.kill(supervisor, 'SIGSTOP');
  try {
    process.kill(pid, 'SIGKILL');
    await delay(forMs);
  } finally {
    process.kill(supervisor, 'SIGCONT');
  }
  await successor(name, pid, 120_000);
}

async function successor(name: string, pid: number, withinMs = 60_000): Promise<void> {
  await eventually(
    `a new ${name}`,
    async () => {
      const now = await unit(name);
      return now.pid !== pid && now.isReady;
    },
    withinMs,
    500,
  );
}
