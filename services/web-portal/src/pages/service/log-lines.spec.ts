import { describe, expect, test } from '@jest/globals';
import { appendLines, findLines, keptLines, logParser } from './log-lines.js';

const line = (text: string) => ({ at: null, text });

describe('log lines', () => {
  test('a line cut into 2 chunks is one line, and what is no JSON is left out', () => {
    const parse = logParser();
    expect(parse('{"at":null,"te')).toEqual([]);
    expect(parse('xt":"你好"}\nnonsense\n{"notice":"not_started","detail":"pulling 40 s"}\n')).toEqual([
      line('你好'),
      { notice: 'not_started', detail: 'pulling 40 s' },
    ]);
  });

  test('of 50,010 lines the last 50,000 are kept', () => {
    const lines = appendLines(
      [],
      Array.from({ length: keptLines + 10 }, (_, index) => line(String(index))),
    );
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

  test('a search finds lines 1 and 3 whatever the case', () => {
    expect(findLines(appendLines([], [line('Boom'), line('x'), line('a BOOM')]), 'boom')).toEqual([0, 2]);
  });
});
