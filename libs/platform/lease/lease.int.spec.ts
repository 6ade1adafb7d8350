import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, testDatabase, type TestDatabase } from '@berth/testing';
import { silentLogger } from '../log/index.js';
import { LeaseLost, Leases, type Lease } from './index.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase('ipaas');
});
afterAll(() => db.close());

const leasesOf = (instance: string, times: { ttlMs?: number; renewMs?: number } = {}) =>
  new Leases({ database: db.anotherPool(), instance, log: silentLogger(), ttlMs: 1_500, renewMs: 250, ...times });

const held = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a lease', () => {
  test('is held by one of two copies, and by the other within a second after the first gave it back', async () => {
    const log: string[] = [];
    const work = (who: string) => async (lease: Lease, signal: AbortSignal) => {
      log.push(`${who} ${lease.fence}`);
      await held(signal);
      log.push(`${who} ended`);
    };
    const stopA = leasesOf('a').run('one', work('a'));
    await eventually(() => expect(log).toEqual(['a 1']));
    const stopB = leasesOf('b').run('one', work('b'));
    await stopA();
    await eventually(() => expect(log).toEqual(['a 1', 'a ended', 'b 2']), 1_000);
    expect(await leasesOf('c').holders('on')).toEqual([{ name: 'one', holder: 'b', fence: 2 }]);
    await stopB();
  });

  test('outlives its time while it is renewed', async () => {
    let lost = false;
    const stop = leasesOf('a').run('kept', async (_lease, signal) => {
      await held(signal);
      lost = true;
    });
    await eventually(async () => expect(await leasesOf('b').holders('kept')).toHaveLength(1));
    const since = performance.now();
    await eventually(() => expect(performance.now() - since).toBeGreaterThan(3_500));
    expect(lost).toBe(false);
    await stop();
  });

  test('that another copy took fences the transaction of the former holder, and aborts its signal', async () => {
    let former: Lease | undefined;
    let aborted = false;
    const stopA = leasesOf('a').run('fenced', async (lease, signal) => {
      former ??= lease;
      await held(signal);
      aborted = true;
    });
    await eventually(() => expect(former).toBeDefined());
    await db.database.transaction((tx) => (former as Lease).check(tx));
    await db.database.query(
      `update lease set holder = 'b', run = gen_random_uuid(), fence = fence + 1,
              expires_at = clock_timestamp() + interval '5 seconds' where name = 'fenced'`,
    );
    await expect(db.database.transaction((tx) => (former as Lease).check(tx))).rejects.toThrow(LeaseLost);
    await eventually(() => expect(aborted).toBe(true), 1_000);
    await stopA();
  });

  test('cannot be taken over while a transaction that checked it is open', async () => {
    let lease: Lease | undefined;
    const stop = leasesOf('a', { ttlMs: 400, renewMs: 100_000 }).run('shared', async (taken, signal) => {
      lease ??= taken;
      await held(signal);
    });
    await eventually(() => expect(lease).toBeDefined());
    let takenOverAt = 0;
    const stopB = leasesOf('b', { renewMs: 50 }).run('shared', async (_, signal) => {
      takenOverAt = performance.now();
      await held(signal);
    });
    const committedAt = await db.database
      .transaction(async (tx) => {
        await (lease as Lease).check(tx);
        await tx.query('select pg_sleep(0.8)');
      })
      .then(() => performance.now());
    await eventually(() => expect(takenOverAt).toBeGreaterThan(0), 2_000);
    expect(takenOverAt).toBeGreaterThan(committedAt - 50);
    await stop();
    await stopB();
  });

  test('comes back at once to a copy that was killed and started again under its name', async () => {
    const fences: number[] = [];
    const long = { ttlMs: 60_000, renewMs: 20_000 };
    const record = async (lease: Lease, signal: AbortSignal) => {
      fences.push(lease.fence);
      await held(signal);
    };
    // Never stopped before the next life begins: as after a kill.
    const stopFirstLife = leasesOf('a', long).run('reborn', record);
    await eventually(() => expect(fences).toEqual([1]));
    const stopSecondLife = leasesOf('a', long).run('reborn', record);
    await eventually(() => expect(fences).toEqual([1, 2]), 1_000);
    await stopFirstLife();
    await stopSecondLife();
  });
});

describe('leases of a database that goes away', () => {
  test('are held again after it is back', async () => {
    const fences: number[] = [];
    const stop = leasesOf('a').run('restart', async (lease, signal) => {
      fences.push(lease.fence);
      await held(signal);
    });
    await eventually(() => expect(fences).toHaveLength(1));
    await db.terminateConnections();
    await eventually(async () => expect(await leasesOf('b').holders('restart')).toHaveLength(1), 5_000);
    await stop();
  });
});
