import { describe, expect, test } from '@jest/globals';
import { looksSecret, parseDotenv } from './dotenv.js';

describe('a pasted .env', () => {
  test('reads 5 ways of writing a value and leaves comments out', () => {
    const text = '# db\nexport A=1\nB = two words # note\nC="x\\ny"\nD=\'raw $1\'\nE=\n\n';
    expect(parseDotenv(text)).toEqual({
      rows: [
        { name: 'A', value: '1' },
        { name: 'B', value: 'two words' },
        { name: 'C', value: 'x\ny' },
        { name: 'D', value: 'raw $1' },
        { name: 'E', value: '' },
      ],
      badLines: [],
    });
  });

  test('a double-quoted value goes over 3 lines', () => {
    expect(parseDotenv('KEY="one\ntwo\nthree"\nB=1').rows).toEqual([
      { name: 'KEY', value: 'one\ntwo\nthree' },
      { name: 'B', value: '1' },
    ]);
  });

  test('lines 1 and 3 that are no variable are named', () => {
    expect(parseDotenv('hello\nA=1\n9B=2')).toEqual({ rows: [{ name: 'A', value: '1' }], badLines: [1, 3] });
  });

  test('the last of 2 equal names counts', () => {
    expect(parseDotenv('A=1\nA=2').rows).toEqual([{ name: 'A', value: '2' }]);
  });

  test('DB_PASSWORD and API_KEY look secret, PASSENGERS does not', () => {
    expect(['DB_PASSWORD', 'API_KEY', 'PASSENGERS'].map(looksSecret)).toEqual([true, true, false]);
  });
});
