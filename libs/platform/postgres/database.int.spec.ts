import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, testDatabase, type TestDatabase } from '@berth/testing';
import { DatabaseUnavailable } from '../errors/index.js';
import { isUniqueViolation } from './index.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase('ipaas');
  await db.database.query('create table thing (id int primary key, note text)');
});
afterAll(() => db.close());

describe('a transaction', () => {
  test('commits what was done and then runs what was left for after the commit', async () => {
    const seen: string[] = [];
    await db.database.transaction(async (tx) => {
      await tx.query('insert into thing values (1, $1)', ['one']);
      tx.afterCommit(() => seen.push('after'));
      seen.push('inside');
    });
    expect(seen).toEqual(['inside', 'after']);
    expect(await db.database.query('select note from thing where id = 1')).toEqual([{ note: 'one' }]);
  });

  test('leaves nothing behind when the work throws, and runs nothing after', async () => {
    let ran = false;
    const work = db.database.transaction(async (tx) => {
      await tx.query('insert into thing values (2, null)');
      tx.afterCommit(() => (ran = true));
      throw new RangeError('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.database.query('select 1 from thing where id = 2')).toEqual([]);
    expect(ran).toBe(false);
  });

  test('does not pass for committed when a failed statement was swallowed', async () => {
    const work = db.database.transaction(async (tx) => {
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
  });

  test('runs again after a deadlock, so that both of two crosswise writers commit', async () => {
    await db.database.query("insert into thing values (10, ''), (11, '')");
    let waiting = 0;
    let go: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (go = resolve));
    const write = (first: number, second: number) =>
      db.database.transaction(async (tx) => {
        await tx.query("update thing set note = note || 'x' where id = $1", [first]);
        if ((waiting += 1) === 2) go();
        await both;
        await tx.query("update thing set note = note || 'x' where id = $1", [second]);
      });
    await Promise.all([write(10, 11), write(11, 10)]);
    expect(await db.database.query('select note from thing where id in (10, 11)')).toEqual([
      { note: 'xx' },
      { note: 'xx' },
    ]);
  });

  test('gives bigint as number, timestamptz as Date and jsonb parsed', async () => {
    const [row] = await db.database.query('select 5::bigint as a, now() as b, \'{"c": 1}\'::jsonb as c');
    expect(row).toEqual({ a: 5, b: expect.any(Date), c: { c: 1 } });
  });

  test('names the constraint that a row broke', async () => {
    const error: unknown = await db.database.query("insert into thing values (1, 'again')").catch((e: unknown) => e);
    expect(isUniqueViolation(error, 'thing_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
  });
});

describe('a database that goes away', () => {
  test('fails the transaction at hand as unavailable and serves the next one', async () => {
    const work = db.database.transaction(async (tx) => {
      await tx.query('insert into thing values (3, null)');
      await db.terminateConnections();
      await tx.query('select 1');
    });
    await expect(work).rejects.toThrow(DatabaseUnavailable);
    await eventually(() => db.database.ping());
    expect(await db.database.query('select 1 from thing where id = 3')).toEqual([]);
  });
});

describe('listening', () => {
  test('hears a notification within a second and again after the connection was lost', async () => {
    const heard: string[] = [];
    const stop = await db.database.listen('news', (payload) => heard.push(payload));
    await db.database.query("select pg_notify('news', 'first')");
    await eventually(() => expect(heard).toEqual(['first']), 1_000);

    await db.terminateConnections();
    await eventually(() => expect(heard).toEqual(['first', '']), 5_000);
    await eventually(() => db.database.ping());
    await db.database.query("select pg_notify('news', 'second')");
    await eventually(() => expect(heard).toEqual(['first', '', 'second']), 1_000);
    await stop();
  });
});
