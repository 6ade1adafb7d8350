import { describe, expect, test } from '@jest/globals';
import {
  appendLines,
  asFile,
  byTime,
  findMore,
  keptLines,
  logParser,
  placeOfTime,
  withOlder,
  type ShownLine,
} from './log-lines.js';

const line = (text: string, at: string | null = null, source = 0) => ({ at, text, source });
const nothing = { text: '', ids: [], from: 1, upTo: 0 };
const many = (count: number) => Array.from({ length: count }, (_, index) => line(String(index)));

describe('log lines', () => {
  test('a line cut into 2 chunks is one line, and what is no JSON is left out', () => {
    const parse = logParser();
    expect(parse('{"at":null,"te')).toEqual([]);
    expect(parse('xt":"你好"}\nnonsense\n{"notice":"not_started","detail":"pulling 40 s"}\n')).toEqual([
      { at: null, text: '你好' },
      { notice: 'not_started', detail: 'pulling 40 s' },
    ]);
  });

  test('of 50,010 lines the last 50,000 are kept', () => {
    const lines = appendLines([], many(keptLines + 10));
    expect([lines.length, lines[0]?.text]).toEqual([keptLines, '10']);
  });

  test('levels and colours: ERROR and 警告 are seen, the colour codes are not', () => {
    const lines = appendLines([], [line('\u001b[31mERROR boom\u001b[0m'), line('12:00 警告 磁盘'), line('fine')]);
    expect(lines.map((row) => [row.level, row.text])).toEqual([
      ['error', 'ERROR boom'],
      ['warn', '12:00 警告 磁盘'],
      [null, 'fine'],
    ]);
  });

  test('a search finds lines 1 and 3 whatever the case, and a dot is a dot', () => {
    const lines = appendLines([], [line('Boom'), line('x'), line('a BOOM'), line('b.om')]);
    expect(findMore(nothing, lines, 'boom').ids).toEqual([1, 3]);
    expect(findMore(nothing, lines, 'b.o').ids).toEqual([4]);
  });

  test('the search goes on where it was: 1 new line is looked at, finds that were forgotten go', () => {
    const before = appendLines([], many(keptLines));
    const found = findMore(nothing, before, '1');
    const after = appendLines(before, [line('1 more')]);
    const next = findMore({ ...found, ids: [1, 2] }, after, '1');
    expect(next).toEqual({ text: '1', ids: [2, keptLines + 1], from: 2, upTo: keptLines + 1 });
  });

  test('lines of 2 containers are put by time, those of one stay in their order', () => {
    const at = (second: number) => `2026-11-21T09:00:0${second}Z`;
    const lines = [line('a1', at(1)), line('a2', at(3)), line('a3', at(3)), line('b1', at(2), 1), line('b2', at(3), 1)];
    expect(byTime(lines).map((row) => ('text' in row ? row.text : ''))).toEqual(['a1', 'b1', 'a2', 'a3', 'b2']);
  });

  test('a time is the first line written at or after it; before the first line there is no place', () => {
    const lines = appendLines([], [line('a', '2026-11-21T09:00:00Z'), line('b', '2026-11-21T09:00:05Z')]);
    expect(placeOfTime(lines, Date.parse('2026-11-21T09:00:01Z'))).toBe(1);
    expect(placeOfTime(lines, Date.parse('2026-11-21T08:00:00Z'))).toBeNull();
  });

  test('the file has the time, and the container where there are 2', () => {
    const lines = appendLines([], [line('a', '2026-11-21T09:00:00Z', 1)]);
    expect(asFile(lines, ['x', 'y'])).toBe('2026-11-21T09:00:00Z y a');
  });
});

describe('older lines', () => {
  const line = (source: number, second: number) => ({
    source,
    at: `2026-01-01T12:00:${String(second).padStart(2, '0')}Z`,
    text: `${source}/${second}`,
  });
  const texts = (lines: readonly ShownLine[]) => lines.map(({ text }) => text);
  const isConsecutive = (lines: readonly ShownLine[]) =>
    lines.every(({ id }, index) => id === (lines[0]?.id ?? 0) + index);

  test('of one container come before those that are shown, with ids that go down', () => {
    const shown = appendLines([], [line(0, 5), line(0, 6)]);
    const { lines, risen } = withOlder(shown, [line(0, 1), line(0, 2)], 1);
    expect(texts(lines)).toEqual(['0/1', '0/2', '0/5', '0/6']);
    expect(lines.map(({ id }) => id)).toEqual([-1, 0, 1, 2]);
    expect(risen).toBe(0);
  });

  test('of several come in by time, also between; the line of the reader keeps its id, those behind it rise', () => {
    // The quiet one reaches back to second 1, the loud one to second 8 only.
    const shown = appendLines([], [line(0, 1), line(0, 4), line(1, 8), line(0, 9)]);
    const readers = shown[1]?.id ?? 0;
    const { lines, risen } = withOlder(shown, [line(0, 0), line(1, 3), line(1, 5), line(1, 6), line(1, 7)], readers);
    expect(texts(lines)).toEqual(['0/0', '0/1', '1/3', '0/4', '1/5', '1/6', '1/7', '1/8', '0/9']);
    expect(lines.find(({ id }) => id === readers)?.text).toBe('0/4');
    expect(isConsecutive(lines)).toBe(true);
    expect(risen).toBe(3);
    expect(lines.at(-1)?.id).toBe((shown.at(-1)?.id ?? 0) + 3);
  });

  test('are the newest of them where 50,000 is full', () => {
    const shown = appendLines(
      [],
      Array.from({ length: keptLines - 2 }, () => line(0, 30)),
    );
    const { lines } = withOlder(shown, [line(0, 1), line(0, 2), line(0, 3)], 1);
    expect(lines).toHaveLength(keptLines);
    expect(texts(lines.slice(0, 3))).toEqual(['0/2', '0/3', '0/30']);
    expect(withOlder(lines, [line(0, 0)], 1)).toEqual({ lines, risen: 0 });
  });
});
