import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LogLines, logLine } from './log-lines.js';

function read(lines: LogLines, ...chunks: Buffer[]): { at: string | null; text: string }[] {
  const text = chunks.map((chunk) => lines.push(chunk)).join('') + lines.end();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { at: string | null; text: string });
}

describe('the lines of a log', () => {
  test('the time before a line becomes its own field; a line without one keeps its text', () => {
    expect(logLine('2026-01-01T12:00:00.123456789Z hello')).toEqual({
      at: '2026-01-01T12:00:00.123456789Z',
      text: 'hello',
    });
    expect(logLine('2026-01-01T20:00:00.5+08:00 你好\r')).toEqual({ at: '2026-01-01T12:00:00.500Z', text: '你好' });
    expect(logLine('plain')).toEqual({ at: null, text: 'plain' });
    expect(logLine('2026-01-01T12:00:00Z')).toEqual({ at: '2026-01-01T12:00:00Z', text: '' });
  });

  test('however the bytes are cut, in the middle of a character too, the lines are the same', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => `x${text.replace(/[\r\n]/g, '')}`);
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (texts, sizes) => {
        const bytes = Buffer.from(texts.map((text) => `2026-01-01T12:00:00Z ${text}\n`).join(''), 'utf8');
        const chunks: Buffer[] = [];
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(read(new LogLines(), ...chunks).map(({ text }) => text)).toEqual(
          read(new LogLines(), bytes).map(({ text }) => text),
        );
        expect(read(new LogLines(), bytes)).toHaveLength(texts.length);
      }),
    );
  });

  test('a line of 1 MB without an end is given once, cut at 256 KB, and the next line is whole', () => {
    const lines = new LogLines();
    const rows = read(lines, ...Array.from({ length: 16 }, () => Buffer.alloc(65_536, 'a')), Buffer.from('\nnext\n'));
    expect(rows.map(({ text }) => text.length)).toEqual([expect.any(Number), 4]);
    expect(rows[0]?.text.length).toBeLessThan(270_000);
    expect(rows[1]?.text).toBe('next');
  });
});
