import { describe, expect, test } from '@jest/globals';
import { LogFeed } from './log-feed.js';
import type { readSource } from './log-reader.js';

type Reader = Parameters<typeof readSource>[0];
const place = { project: 'shop', environment: 'prod', service: 'cart' } as const;
const [a, b] = ['a', 'b'].map((container) => ({ cluster: 'beijing', container })) as [
  Reader['source'],
  Reader['source'],
];
const line = (text: string, second: number) => ({ at: `2026-01-01T12:00:0${second}Z`, text });

function feeding() {
  const readers: Reader[] = [];
  const read: typeof readSource = async (reader) => void readers.push(reader);
  const feed = new LogFeed(place, { previous: false, follow: true, since: null }, read, () => 0);
  const say = (container: string, ...lines: ReturnType<typeof line>[]) => {
    const reader = readers.findLast(({ source }) => source.container === container);
    reader?.onState('streaming');
    reader?.onLines(lines);
  };
  const texts = () => feed.take()?.lines.map(({ source, text }) => `${source} ${text}`);
  return { feed, readers, say, texts };
}

describe('a log of containers that come and go', () => {
  test('keeps its lines when one goes and another comes', () => {
    const { feed, readers, say, texts } = feeding();
    feed.follow([a]);
    say('a', line('one', 1));
    expect(texts()).toEqual(['0 one']);
    feed.follow([b]);
    say('b', line('two', 2));
    expect(texts()).toEqual(['0 one', '1 two']);
    expect(readers[0]?.signal.aborted).toBe(true);
  });

  test('reads nothing anew when only the order changes', () => {
    const { feed, readers } = feeding();
    feed.follow([a, b]);
    feed.follow([b, a]);
    expect(readers).toHaveLength(2);
  });

  test('goes on from the last line of one that comes back', () => {
    const { feed, readers, say, texts } = feeding();
    feed.follow([a]);
    say('a', line('one', 1));
    texts();
    feed.follow([]);
    feed.follow([a]);
    expect(readers.at(-1)?.ask.since).toBe('2026-01-01T12:00:01Z');
    say('a', line('one', 1), line('two', 2));
    expect(texts()).toEqual(['0 one', '0 two']);
  });

  test('tells of a kept end beside the lines, not among them', () => {
    const { feed, readers } = feeding();
    const kept = { run: 3, mostLines: 200, toEnd: true, readAt: '2026-01-01T12:00:00Z', until: '2026-01-31T12:00:00Z' };
    feed.follow([a]);
    readers[0]?.onLines([{ notice: 'kept', detail: 'up to 200 last lines', kept }, line('bye', 1)]);
    expect(feed.take()).toMatchObject({ kept: [kept], lines: [{ text: 'bye' }] });
  });

  test('takes older lines before those it has, with ids that go down', () => {
    const { feed, say } = feeding();
    feed.follow([a]);
    say('a', line('new', 5));
    feed.take();
    feed.insert([{ ...line('old', 1), source: 0 }], 1);
    expect(feed.take()?.lines.map(({ id, text }) => [id, text])).toEqual([
      [0, 'old'],
      [1, 'new'],
    ]);
  });
});
