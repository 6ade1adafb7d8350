import { describe, expect, test } from '@jest/globals';
import { requestOf } from './index.js';

describe('the request of a container', () => {
  const size = { cpuMillis: 1000, memoryMiB: 1024 };

  test.each([
    ['dev', 250, 256],
    ['test', 250, 256],
    ['staging', 500, 512],
    ['prod', 1000, 1024],
  ] as const)('of 1 core and 1 GiB in %s is %i millicores and %i MiB', (environment, cpuMillis, memoryMiB) => {
    expect(requestOf(size, environment)).toEqual({ cpuMillis, memoryMiB });
  });

  test('is rounded up: 10 millicores and 17 MiB in dev are 3 and 5', () => {
    expect(requestOf({ cpuMillis: 10, memoryMiB: 17 }, 'dev')).toEqual({ cpuMillis: 3, memoryMiB: 5 });
  });
});
