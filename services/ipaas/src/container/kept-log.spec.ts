import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ago, aPod, aYoungPod, now } from './container.builders.js';
import { endingRun, isNews, keptLines, keptUntil, LastBytes, mostKeptBytes, mostKeptLines } from './kept-log.js';

const ended = { exitCode: 78, finishedAt: ago(5) };

describe('the run of a container whose output will be gone', () => {
  test.each([
    ['runs for the first time', aPod(), null],
    ['has not been started', aYoungPod(), null],
    ['is told to end before it ever ran', aYoungPod({ deletionTimestamp: ago(1) }), null],
    ['is told to end in run 1', aPod({ deletionTimestamp: ago(1) }), { run: 1, previous: false, isOver: false }],
    [
      'is told to end and has ended',
      aPod({ deletionTimestamp: ago(1), state: { terminated: ended } }),
      { run: 1, previous: false, isOver: true },
    ],
    ['ended run 3', aPod({ restarts: 2, state: { terminated: ended } }), { run: 3, previous: false, isOver: true }],
    [
      'waits after run 3',
      aPod({ restarts: 2, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastTermination: ended }),
      { run: 3, previous: true, isOver: true },
    ],
    ['is in run 3 again', aPod({ restarts: 2, lastTermination: ended }), { run: 2, previous: true, isOver: true }],
    [
      'is told to end in run 3',
      aPod({ restarts: 2, lastTermination: ended, deletionTimestamp: ago(1) }),
      { run: 3, previous: false, isOver: false },
    ],
  ])('of one that %s', (_, pod, run) => {
    expect(endingRun(pod)).toEqual(run);
  });

  test('is news when it is later than what is kept, or has ended since', () => {
    const run2 = { run: 2, previous: false, isOver: true };
    expect(isNews(run2, undefined)).toBe(true);
    expect(isNews(run2, { run: 1, isOver: true })).toBe(true);
    expect(isNews(run2, { run: 2, isOver: false })).toBe(true);
    expect(isNews(run2, { run: 2, isOver: true })).toBe(false);
    expect(isNews({ ...run2, isOver: false }, { run: 2, isOver: false })).toBe(false);
    expect(isNews(run2, { run: 3, isOver: false })).toBe(false);
  });
});

function lastOf(...chunks: (string | Buffer)[]): string {
  const bytes = new LastBytes();
  for (const chunk of chunks) bytes.push(Buffer.from(chunk as string));
  return bytes.lines();
}

describe('what is kept of a log', () => {
  test('is its last 200 lines', () => {
    const text = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join('');
    const lines = lastOf(text).split('\n');
    expect(lines).toHaveLength(mostKeptLines);
    expect([lines[0], lines.at(-1)]).toEqual(['line 800', 'line 999']);
  });

  test('is whole lines within 64 KB', () => {
    const lines = lastOf(Array.from({ length: 150 }, (_, index) => `${index} ${'x'.repeat(1_000)}\n`).join(''));
    expect(lines.length).toBeLessThanOrEqual(mostKeptBytes);
    expect(lines.length).toBeGreaterThan(mostKeptBytes - 1_100);
    expect(lines).toMatch(/^\d+ x/);
  });

  test('is the end of a line that alone is longer than 64 KB', () => {
    expect(lastOf('x'.repeat(100_000), `${'y'.repeat(100_000)}\n`)).toBe('y'.repeat(mostKeptBytes - 1));
  });

  test('of one that wrote nothing is nothing, and a last line without its end counts', () => {
    expect(lastOf()).toBe('');
    expect(keptLines('', 100, undefined)).toEqual([]);
    expect(lastOf('one\ntw', 'o')).toBe('one\ntwo');
  });

  test('has U+FFFD where there is a NUL or no valid UTF-8, and half a character at a chunk is whole', () => {
    const face = Buffer.from('🙂');
    expect(lastOf('a\u0000b ', Buffer.from([0xff, 0xfe]), ' ', face.subarray(0, 2), face.subarray(2), '\n')).toBe(
      'a\ufffdb \ufffd\ufffd 🙂',
    );
  });

  test('is the same however the bytes were cut into chunks', () => {
    const text = Buffer.from(Array.from({ length: 3_000 }, (_, index) => `${index} 你好 ${'z'.repeat(40)}\n`).join(''));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const chunks: Buffer[] = [];
        let from = 0;
        for (const size of sizes) chunks.push(text.subarray(from, (from += size)));
        expect(lastOf(...chunks, text.subarray(from))).toBe(lastOf(text));
      }),
    );
  });

  test('is given as lines with their times: those since a time, and no more than were asked for', () => {
    const lines = ['11:00:00Z a', '12:00:00Z b', '12:00:01.5Z c'].map((line) => `2026-01-01T${line}`).join('\n');
    const texts = (tail: number, since?: string) =>
      keptLines(lines, tail, since).map((line) => 'text' in line && line.text);
    expect(texts(100)).toEqual(['a', 'b', 'c']);
    expect(texts(2)).toEqual(['b', 'c']);
    expect(texts(100, '2026-01-01T12:00:00.500Z')).toEqual(['c']);
  });

  test('stays for 30 days from the end', () => {
    expect(keptUntil(new Date('2026-01-01T00:00:00Z'), now).toISOString()).toBe('2026-01-31T00:00:00.000Z');
    expect(keptUntil(null, now).toISOString()).toBe('2026-01-31T12:00:00.000Z');
  });
});
