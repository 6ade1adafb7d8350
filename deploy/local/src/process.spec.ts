import { describe, expect, test } from '@jest/globals';
import { parseStat, specHash } from './process.js';

describe('records of processes', () => {
  test('a name with spaces and brackets does not hide the start time in field 22', () => {
    const fields = ['S', ...Array.from({ length: 18 }, (_, i) => String(i)), '987654', '0'];
    expect(parseStat(`4711 (my (odd) name) ${fields.join(' ')}`)).toEqual({
      pid: 4711,
      state: 'S',
      startTicks: '987654',
    });
  });

  test('half a line is no process', () => {
    expect(parseStat('4711 (sh) S 1')).toBeUndefined();
    expect(parseStat('')).toBeUndefined();
  });

  test('another variable makes another process, the same specification the same', () => {
    const spec = { command: ['redis-server'] as [string], env: { A: '1' }, cwd: '/' };
    expect(specHash({ ...spec })).toBe(specHash(spec));
    expect(specHash({ ...spec, env: { A: '2' } })).not.toBe(specHash(spec));
  });
});
