import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clusterState, projectState, serviceState } from '@berth/contracts';
import { aMessage, anEnvelope, eventually } from '@berth/testing';
import { ProjectMessages } from '../projects/projects.messages.controller.js';
import { EventReader } from '../rig/event-reader.js';
import { GatewayRig, type Copy, type Visitor } from '../rig/gateway.rig.js';
import { FeedMessages } from './feed.messages.controller.js';
import { FeedStore } from './feed.store.pg.js';

let rig: GatewayRig;
let second: Copy;
let admin: Visitor;
const opened: EventReader[] = [];

beforeAll(async () => {
  rig = await GatewayRig.start();
  second = await rig.another();
  admin = await rig.visitor([{ role: 'platform-admin', scope: 'platform' }]);
}, 60_000);
afterAll(async () => {
  for (const reader of opened) reader.close();
  await rig.close();
});

async function open(visitor: Visitor, lastSeen?: number, copy: Pick<Copy, 'url'> = rig): Promise<EventReader> {
  const resume: Record<string, string> = lastSeen === undefined ? {} : { 'last-event-id': String(lastSeen) };
  const reader = await EventReader.open(`${copy.url}/api/v1/feed`, { ...visitor.headers, ...resume });
  opened.push(reader);
  await eventually(() => expect(reader.events.length).toBeGreaterThan(0));
  return reader;
}

const say = (key: string, version: number) =>
  rig.database.transaction((tx) =>
    rig.app
      .get(FeedMessages)
      .serviceState({ envelope: anEnvelope(serviceState, key, { sequence: version }), data: null }, tx),
  );

describe('the feed', () => {
  test('has no gap and no repeat for readers of two copies while 200 transactions commit in any order', async () => {
    const readers = [await open(admin), await open(admin, undefined, second)];
    const store = new FeedStore();
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        rig.database.transaction(async (tx) => {
          await store.add(tx, [
            { kind: 'service', key: `shop/dev/s${index}`, version: 1, project: 'shop', environment: 'dev' },
          ]);
          // Some rows that were written early commit late.
          await tx.query(`select pg_sleep($1)`, [index % 7 === 0 ? 0.2 : 0]);
        }),
      ),
    );
    for (const reader of readers) {
      await eventually(() => expect(reader.hints()).toHaveLength(200));
      const numbers = reader.hints().map(({ data }) => data.seq);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(new Set(reader.hints().map(({ data }) => data.key)).size).toBe(200);
    }
  }, 30_000);

  test('resumes on the other copy exactly behind the last number, also while new hints come', async () => {
    const reader = await open(admin);
    for (let version = 1; version <= 5; version += 1) await say('shop/dev/resume', version);
    await eventually(() => expect(reader.hints()).toHaveLength(5));
    const third = reader.hints()[2]?.data.seq;
    reader.close();
    const more = Promise.all(Array.from({ length: 30 }, (_, index) => say('shop/dev/resume', 6 + index)));
    const resumed = await open(admin, third, second);
    await more;
    await eventually(() => expect(resumed.hints()).toHaveLength(32));
    expect(
      resumed
        .hints()
        .map(({ data }) => data.version)
        .sort((a, b) => (a ?? 0) - (b ?? 0)),
    ).toEqual(Array.from({ length: 32 }, (_, index) => index + 4));
    expect(resumed.events[0]).toEqual({ id: third, event: 'ready', data: { seq: third } });
  });

  test('tells a reader who was away longer than 15 minutes to start again', async () => {
    await rig.database.query(`update feed set at = now() - interval '16 minutes'`);
    await say('shop/dev/new', 1);
    await eventually(async () => {
      const [row] = await rig.database.query<{ n: number }>('select count(*) as n from feed where seq is null');
      expect(row?.n).toBe(0);
    });
    await new FeedStore().prune(rig.database, new Date(Date.now() - 15 * 60_000));
    const { oldest, newest } = await new FeedStore().bounds(rig.database);
    expect(oldest).toBe(newest);
    const reader = await open(admin, 3);
    expect(reader.events[0]).toEqual({ id: newest, event: 'reset', data: { seq: newest } });
  });

  test('shows each kind to whom it concerns, and stops when the role is taken away', async () => {
    await rig.database.transaction((tx) =>
      rig.app.get(ProjectMessages).projectState(
        aMessage(projectState, {
          slug: 'wealth',
          code: 'W',
          name: '财富',
          businessLine: { code: 't9', name: '财富' },
          cmdbId: '1',
          retired: false,
          allowsUnregistered: false,
          updatedAt: '2026-01-01T00:00:00.000Z',
        }),
        tx,
      ),
    );
    const tenant = await rig.visitor([{ role: 'viewer', scope: 'tenant:t9' }]);
    const other = await rig.visitor([{ role: 'developer', scope: 'project:shop' }]);
    const [mine, theirs] = [await open(tenant), await open(other)];
    await say('wealth/prod/fund', 7);
    await say('shop/dev/cart', 8);
    await rig.database.transaction((tx) =>
      rig.app
        .get(FeedMessages)
        .clusterState({ envelope: anEnvelope(clusterState, 'beijing', { sequence: 9 }), data: null }, tx),
    );
    await eventually(() => expect(mine.hints().map(({ data }) => data.key)).toEqual(['wealth/prod/fund', 'beijing']));
    await eventually(() => expect(theirs.hints().map(({ data }) => data.key)).toEqual(['shop/dev/cart', 'beijing']));
    expect(mine.hints()[0]?.data).toMatchObject({ kind: 'service', version: 7 });

    await rig.database.query(`update role_binding set scope = 'project:shop' where user_id = $1`, [tenant.userId]);
    // Rights are at most a second old.
    let version = 10;
    await eventually(async () => {
      version += 1;
      await say('wealth/prod/fund', version);
      await say('shop/dev/cart', version);
      const seen = () =>
        mine
          .hints()
          .filter(({ data }) => data.version === version)
          .map(({ data }) => data.key);
      await eventually(() => expect(seen()).not.toEqual([]), 1_000);
      expect(seen()).toEqual(['shop/dev/cart']);
    });
  });

  test('ends with the session', async () => {
    const visitor = await rig.visitor([{ role: 'viewer', scope: 'platform' }]);
    const reader = await open(visitor);
    await rig.database.query('delete from session where user_id = $1', [visitor.userId]);
    await eventually(async () => {
      await say('shop/dev/cart', 1);
      expect(reader.isEnded).toBe(true);
    });
  });

  test('of a copy that stops ends, and goes on at the other copy without a gap', async () => {
    const third = await rig.another();
    const reader = await open(admin, undefined, third);
    await say('shop/dev/moving', 1);
    await eventually(() => expect(reader.hints()).toHaveLength(1));
    await third.close();
    await eventually(() => expect(reader.isEnded).toBe(true));
    await say('shop/dev/moving', 2);
    const again = await open(admin, reader.hints()[0]?.data.seq);
    await eventually(() => expect(again.hints().map(({ data }) => data.version)).toEqual([2]));
  });
});
