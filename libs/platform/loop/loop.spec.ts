import { describe, expect, test } from '@jest/globals';
import { eventually } from '@berth/testing';
import { silentLogger } from '../log/index.js';
import { WakeableLoop } from './index.js';

const hour = 3_600_000;
const log = silentLogger();

/** A round that ends when it is told to. */
function rounds() {
  const begun: { end: (error?: Error) => void; signal: AbortSignal }[] = [];
  const run = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      begun.push({ signal, end: (error) => (error ? reject(error) : resolve()) });
    });
  return { begun, run };
}

describe('a loop', () => {
  test('begins with a round, and wakes that come during a round make exactly one more', async () => {
    const { begun, run } = rounds();
    const loop = new WakeableLoop({ name: 'spec', everyMs: hour, log, run });
    loop.start();
    loop.start();
    for (let n = 0; n < 10; n += 1) loop.wake();
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await eventually(() => expect(begun).toHaveLength(2));
    begun[1]?.end();
    loop.wake();
    await eventually(() => expect(begun).toHaveLength(3));
    const stopped = loop.stop();
    expect(begun[2]?.signal.aborted).toBe(true);
    begun[2]?.end();
    await stopped;
    expect(begun).toHaveLength(3);
  });

  test('goes on by itself every 20 ms, and after a failure', async () => {
    let count = 0;
    const loop = new WakeableLoop({
      name: 'spec',
      everyMs: 20,
      log,
      run: () => {
        count += 1;
        return count === 2 ? Promise.reject(new Error('once')) : Promise.resolve();
      },
    });
    loop.start();
    await eventually(() => expect(count).toBeGreaterThan(4), 2_000);
    await loop.stop();
  });

  test('is not hurried by wakes while it backs off from failures', async () => {
    let count = 0;
    const loop = new WakeableLoop({
      name: 'spec',
      everyMs: 300,
      log,
      run: () => {
        count += 1;
        return Promise.reject(new Error('always'));
      },
    });
    const since = performance.now();
    loop.start();
    await eventually(() => {
      loop.wake();
      expect(count).toBe(3);
    }, 3_000);
    expect(performance.now() - since).toBeGreaterThan(850);
    await loop.stop();
  });

  test.each([
    ['1 s', {}, 990, 2_500],
    ['200 ms, when no longer pause is allowed', { maxBackoffMs: 200 }, 190, 900],
  ])('that looks once an hour tries again %s after a failure', async (_, change, leastMs, mostMs) => {
    let count = 0;
    const run = () => {
      count += 1;
      return Promise.reject(new Error('always'));
    };
    const loop = new WakeableLoop({ name: 'spec', everyMs: hour, log, run, ...change });
    const since = performance.now();
    loop.start();
    await eventually(() => expect(count).toBe(2), mostMs);
    expect(performance.now() - since).toBeGreaterThan(leastMs);
    await loop.stop();
  });

  test('can be started again after it was stopped', async () => {
    let count = 0;
    const loop = new WakeableLoop({ name: 'spec', everyMs: hour, log, run: () => Promise.resolve(void (count += 1)) });
    loop.start();
    await loop.stop();
    loop.start();
    await eventually(() => expect(count).toBe(2));
    await loop.stop();
  });
});
