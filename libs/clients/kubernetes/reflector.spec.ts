import { describe, expect, test } from '@jest/globals';
import { eventually } from '@berth/testing';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ClusterError } from './errors.js';
import { reflect, type SourcePage, type WatchEvent, type WatchSource } from './reflector.js';
import type { Projection } from './watch.js';
import { z } from 'zod';

const rowSchema = z.object({ metadata: z.object({ uid: z.string(), resourceVersion: z.string() }) });
const projection: Projection<string> = { kind: 'Pod', project: (object) => rowSchema.parse(object).metadata.uid };

const pod = (uid: string, version: number) => ({ metadata: { uid, resourceVersion: String(version) } });
const upsert = (uid: string, version: number): WatchEvent => ({ type: 'MODIFIED', object: pod(uid, version) });
const bookmark = (version: number): WatchEvent => ({ type: 'BOOKMARK', object: pod('', version) });
const expired: WatchEvent = {
  type: 'ERROR',
  object: { kind: 'Status', code: 410, message: 'too old resource version' },
};
const page = (version: number, uids: readonly string[], next?: string): SourcePage => {
  return {
    items: uids.map((uid) => pod(uid, version)),
    resourceVersion: String(version),
    ...(next ? { continue: next } : {}),
  };
};

type Stream = readonly (readonly WatchEvent[])[] | 'hang' | ClusterError;

/** Plays pages and streams in order; when all are used up, it hangs as a quiet cluster does. */
function play(pages: readonly (SourcePage | ClusterError)[], streams: readonly Stream[], quietMs = 60_000) {
  const asked: string[] = [];
  const said: string[] = [];
  const troubles: string[] = [];
  const told = new EventEmitter();
  const pageQueue = [...pages];
  const streamQueue = [...streams];
  const note = (text: string) => {
    said.push(text);
    told.emit('said');
  };
  const source: WatchSource = {
    page: async (token) => {
      asked.push(`list ${token ?? ''}`.trim());
      const next = pageQueue.shift();
      if (!next) throw new Error('no page left');
      if (next instanceof ClusterError) throw next;
      return next;
    },
    follow: async (version, signal) => {
      asked.push(`watch ${version}`);
      const next = streamQueue.shift() ?? 'hang';
      if (next instanceof ClusterError) throw next;
      return (async function* () {
        if (next !== 'hang') return yield* next;
        if (streamQueue.length === 0) note('quiet');
        if (!signal.aborted) await once(signal, 'abort');
        throw signal.reason;
      })();
    },
  };
  const watch = reflect(
    source,
    {
      projection,
      onSynced: (rows) => note(`synced ${rows.join()}`),
      onUpsert: (row) => note(`upsert ${row}`),
      onRemove: (row) => note(`remove ${row}`),
      onTrouble: (error) => troubles.push(error.kind),
    },
    { quietMs, settledMs: 0, firstBackoffMs: 1, lastBackoffMs: 4 },
  );
  /** Plays to the end and stops. */
  const finish = async () => {
    while (!said.includes('quiet')) await once(told, 'said', { signal: AbortSignal.timeout(4_000) });
    await watch.stop();
    return { asked, said: said.filter((text) => text !== 'quiet'), troubles };
  };
  return { finish, watch };
}

describe('a reflector', () => {
  test('lists 3 rows in 2 pages and tells them once, as one set', async () => {
    const { asked, said } = await play([page(7, ['a', 'b'], 'next'), page(7, ['c'])], []).finish();
    expect(asked).toEqual(['list', 'list next', 'watch 7']);
    expect(said).toEqual(['synced a,b,c']);
  });

  test('resumes at the last bookmark when the cluster ends the stream, without a second list', async () => {
    const { asked, said, troubles } = await play(
      [page(7, [])],
      [[[upsert('a', 8)], [bookmark(20)]], [[upsert('b', 21)]]],
    ).finish();
    expect(asked).toEqual(['list', 'watch 7', 'watch 20', 'watch 21']);
    expect(said).toEqual(['synced ', 'upsert a', 'upsert b']);
    expect(troubles).toEqual([]);
  });

  test('resumes at the last event after 3 failures of the connection', async () => {
    const lost = new ClusterError('unreachable', 'connection reset');
    const { asked, troubles } = await play([page(7, [])], [[[upsert('a', 8)]], lost, lost, lost]).finish();
    expect(asked).toEqual(['list', 'watch 7', 'watch 8', 'watch 8', 'watch 8', 'watch 8']);
    expect(troubles).toEqual(['unreachable', 'unreachable', 'unreachable']);
  });

  test.each([
    ['as an answer', new ClusterError('gone', 'too old', { status: 410 })],
    ['inside the stream', [[expired]]],
  ])('lists again on 410 %s, and the new set replaces the old', async (_how, stream) => {
    const { asked, said } = await play([page(7, ['a', 'b']), page(30, ['b'])], [stream]).finish();
    expect(asked).toEqual(['list', 'watch 7', 'list', 'watch 30']);
    expect(said).toEqual(['synced a,b', 'synced b']);
  });

  test('starts the list again when its token expires half-way, and tells nothing of the first half', async () => {
    const gone = new ClusterError('gone', 'continue token expired', { status: 410 });
    const { asked, said } = await play([page(7, ['a'], 'next'), gone, page(9, ['a', 'b'])], []).finish();
    expect(asked).toEqual(['list', 'list next', 'list', 'watch 9']);
    expect(said).toEqual(['synced a,b']);
  });

  test('cuts a connection that is silent for 20 ms and resumes', async () => {
    const { finish, watch } = play([page(7, [])], ['hang', [[upsert('a', 8)]]], 20);
    const { asked, said, troubles } = await finish();
    expect(asked.slice(0, 4)).toEqual(['list', 'watch 7', 'watch 7', 'watch 8']);
    expect(said).toEqual(['synced ', 'upsert a']);
    expect(troubles[0]).toBe('unreachable');
    expect(watch.lists()).toBe(1);
  });

  test('passes over an object that it does not understand, and over a list that fails 2 times', async () => {
    const down = new ClusterError('forbidden', 'no');
    const { said, troubles } = await play(
      [down, down, page(7, [])],
      [[[{ type: 'ADDED', object: { metadata: { resourceVersion: '8' } } }, upsert('a', 9)]]],
    ).finish();
    expect(said).toEqual(['synced ', 'upsert a']);
    expect(troubles).toEqual(['forbidden', 'forbidden', 'unreachable']);
  });

  test('goes on when a callback throws', async () => {
    const pages = [page(7, ['a'])];
    const told = new EventEmitter();
    const troubles: string[] = [];
    const source: WatchSource = {
      page: async () => pages.shift() ?? page(7, []),
      follow: async (_version, signal) =>
        (async function* () {
          yield [upsert('b', 8)];
          told.emit('done');
          if (!signal.aborted) await once(signal, 'abort');
        })(),
    };
    const fail = () => {
      throw new Error('bad handler');
    };
    const options = {
      projection,
      onSynced: fail,
      onUpsert: fail,
      onRemove: fail,
      onTrouble: (e: ClusterError) => troubles.push(e.message),
    };
    const done = once(told, 'done');
    const watch = reflect(source, options, { quietMs: 1000, settledMs: 0, firstBackoffMs: 1, lastBackoffMs: 1 });
    await done;
    await watch.stop();
    expect(troubles).toEqual(['bad handler', 'bad handler']);
    expect(watch.isSynced()).toBe(true);
  });
});

describe('how current a reflector is', () => {
  /** A cluster whose lists always answer and whose connections do what they are told. */
  function cluster(behaviour: { follow: 'quiet' | 'refused' | 'broken event' }) {
    let lists = 0;
    const source: WatchSource = {
      page: async () => {
        lists += 1;
        return page(7, ['a']);
      },
      follow: async (_version, signal) => {
        if (behaviour.follow === 'refused') throw new ClusterError('unreachable', 'connection refused');
        const isBroken = behaviour.follow === 'broken event';
        return (async function* () {
          if (isBroken) yield [{ type: 'ADDED', object: {} }];
          if (!signal.aborted) await once(signal, 'abort');
        })();
      },
    };
    const quiet = () => undefined;
    const options = { projection, onSynced: quiet, onUpsert: quiet, onRemove: quiet };
    const tuning = { quietMs: 60_000, settledMs: 20, firstBackoffMs: 2, lastBackoffMs: 5 };
    return { watch: reflect(source, options, tuning), lists: () => lists };
  }
  const ageMs = (watch: { currentAtMs: () => number }) => Date.now() - watch.currentAtMs();

  test('before the first list it knows nothing; a quiet connection is current without a word', async () => {
    const { watch } = cluster({ follow: 'quiet' });
    expect(watch.currentAtMs()).toBe(0);
    await eventually(() => expect(watch.isSynced()).toBe(true));
    await delay(60);
    expect(ageMs(watch)).toBeLessThan(5);
    await watch.stop();
  });

  test('without a connection it grows old although the cluster answers lists, and is current again once it has one', async () => {
    const behaviour: Parameters<typeof cluster>[0] = { follow: 'refused' };
    const { watch, lists } = cluster(behaviour);
    await eventually(() => expect(ageMs(watch)).toBeLessThan(1_000));
    await eventually(() => expect(ageMs(watch)).toBeGreaterThan(80));
    expect(lists()).toBe(1);
    behaviour.follow = 'quiet';
    await eventually(() => expect(ageMs(watch)).toBeLessThan(5));
    await watch.stop();
  });

  test('an event that cannot be read does not come again for ever: it lists, and goes on from there', async () => {
    const behaviour: Parameters<typeof cluster>[0] = { follow: 'broken event' };
    const { watch, lists } = cluster(behaviour);
    await eventually(() => expect(lists()).toBeGreaterThan(2));
    behaviour.follow = 'quiet';
    await eventually(() => expect(ageMs(watch)).toBeLessThan(5));
    await watch.stop();
  });
});
