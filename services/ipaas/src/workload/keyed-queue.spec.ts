import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { KeyedQueue, type RunResult } from './keyed-queue.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the keyed queue', () => {
  test('a key that is asked for 5 times before it runs, runs once', async () => {
    const runs: string[] = [];
    const queue = new KeyedQueue({ concurrency: 1, run: async (key) => (runs.push(key), 'done') });
    for (let n = 0; n < 5; n += 1) queue.add('b');
    queue.add('a');
    await jest.advanceTimersByTimeAsync(0);
    // The first add starts at once; those that came while it ran give one more run.
    expect(runs.filter((key) => key === 'b').length).toBeLessThanOrEqual(2);
    expect(runs).toContain('a');
    expect(queue.size).toBe(0);
  });

  test('one key never runs twice at once, and a wish during a run gives exactly 1 more run', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const queue = new KeyedQueue({
      concurrency: 4,
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
        running -= 1;
        return 'done';
      },
    });
    queue.add('a');
    await jest.advanceTimersByTimeAsync(5);
    for (let n = 0; n < 10; n += 1) queue.add('a');
    await jest.advanceTimersByTimeAsync(100);
    expect({ most, runs }).toEqual({ most: 1, runs: 2 });
  });

  test('failures wait 200, 400, 800 ms and at most 60 s; other keys are not held up', async () => {
    const at: number[] = [];
    let others = 0;
    const start = Date.now();
    const run = async (key: string): Promise<RunResult> => {
      if (key === 'other') return ((others += 1), 'done');
      at.push(Date.now() - start);
      throw new TypeError('the cluster is away');
    };
    const queue = new KeyedQueue({ concurrency: 1, run });
    queue.add('bad');
    await jest.advanceTimersByTimeAsync(1500);
    queue.add('other');
    await jest.advanceTimersByTimeAsync(0);
    expect(at).toEqual([0, 200, 600, 1400]);
    expect(others).toBe(1);
    at.length = 0;
    await jest.advanceTimersByTimeAsync(600_000);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(Math.max(...gaps)).toBe(60_000);
    await queue.stop();
  });

  test('a new decision ends the pause of a failed key at once; a mere change does not', async () => {
    let runs = 0;
    const queue = new KeyedQueue({
      concurrency: 1,
      run: async () => {
        runs += 1;
        throw new TypeError('no');
      },
    });
    queue.add('a');
    await jest.advanceTimersByTimeAsync(0);
    queue.add('a');
    await jest.advanceTimersByTimeAsync(0);
    expect(runs).toBe(1);
    queue.add('a', { afresh: true });
    await jest.advanceTimersByTimeAsync(0);
    expect(runs).toBe(2);
    await queue.stop();
  });
});
