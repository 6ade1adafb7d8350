import { describe, expect, test } from '@jest/globals';
import { maskedText, shownBytes } from './masked.js';

describe('the payload of a dead letter', () => {
  test.each([
    ['{"password":"hunter2","replicas":3}', '{\n  "password": "•••",\n  "replicas": 3\n}'],
    ['{"secrets":{"DB":"hunter2"},"n":[1]}', '{\n  "secrets": {\n    "DB": "•••"\n  },\n  "n": [\n    1\n  ]\n}'],
    ['{"secretVersion":4}', '{\n  "secretVersion": 4\n}'],
    ['{bad json', '{bad json'],
    ['{"apiKey": "hunter2", bad', '{"apiKey": •••, bad'],
    ['user=lin password=hunter2 x', 'user=lin password=••• x'],
    ["token: 'hunter 2'", 'token: •••'],
  ])('%s is shown as %s', (value, shown) => expect(maskedText(Buffer.from(value))).toBe(shown));

  test('of 1 MiB is shown up to 64 KiB', () => {
    expect(maskedText(Buffer.alloc(1_048_576, 'x'))).toHaveLength(shownBytes);
  });
});
