import { setTimeout as delay } from 'node:timers/promises';

/** Runs `check` until it no longer throws and gives what it returned; after `withinMs` its last error is thrown. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 10_000, everyMs = 20): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > endMs) throw error;
    }
    await delay(everyMs);
  }
}
