import { describe, expect, test } from '@jest/globals';
import { sseParser } from './sse.js';

describe('the parser of the browser feed', () => {
  test('an event cut into 3 chunks is one event with its id', () => {
    const parse = sseParser();
    expect(parse('id: 41\nda')).toEqual([]);
    expect(parse('ta: {"seq":41}\n')).toEqual([]);
    expect(parse('\n')).toEqual([{ event: 'message', data: '{"seq":41}', id: '41' }]);
  });

  test('2 data lines are one text, and the name counts for one event only', () => {
    const parse = sseParser();
    expect(parse('event: reset\ndata: a\ndata: b\n\ndata: c\n\n')).toEqual([
      { event: 'reset', data: 'a\nb', id: null },
      { event: 'message', data: 'c', id: null },
    ]);
  });

  test('a comment is heard as a sign of life', () => {
    expect(sseParser()(': ping\n\n')).toEqual([{ event: 'comment', data: '', id: null }]);
  });
});
