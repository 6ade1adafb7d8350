import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cpuMillis, formatCpu, formatMemory, memoryBytes, memoryMiB } from './quantity.js';

describe('a quantity', () => {
  test.each([
    ['500m', 500],
    ['0.5', 500],
    ['2', 2000],
    ['5e-1', 500],
    ['100u', 1],
    ['1500000n', 2],
    ['1k', 1_000_000],
    ['.25', 250],
    ['0', 0],
  ])('of CPU %s is %i millicores', (text, millis) => {
    expect(cpuMillis(text)).toBe(millis);
  });

  test.each([
    ['1Gi', 1_073_741_824],
    ['1.5Gi', 1_610_612_736],
    ['128M', 128_000_000],
    ['129e6', 129_000_000],
    ['12E2', 1200],
    ['128974848', 128_974_848],
    ['128974848000m', 128_974_848],
    ['1Ki', 1024],
    ['0.1', 1],
  ])('of memory %s is %i bytes', (text, bytes) => {
    expect(memoryBytes(text)).toBe(bytes);
  });

  test('of 16297940Ki memory is 15915 MiB when it is there, and 15916 MiB when it is asked', () => {
    expect(memoryMiB('16297940Ki', 'down')).toBe(15_915);
    expect(memoryMiB('16297940Ki', 'up')).toBe(15_916);
  });

  test.each(['', 'm', '1.2.3', '1 Gi', '1Zi', 'abc', '--1', '1e', '1mm'])('%j is refused', (text) => {
    expect(() => cpuMillis(text)).toThrow(RangeError);
  });

  test('reads back every number of millicores and MiB that it writes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), (n) => {
        expect(cpuMillis(formatCpu(n))).toBe(n);
        expect(memoryMiB(formatMemory(n), 'up')).toBe(n);
        expect(memoryMiB(formatMemory(n), 'down')).toBe(n);
      }),
    );
  });

  test('rounds up and down to neighbours, whatever the unit', () => {
    const unit = fc.constantFrom('', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'm');
    fc.assert(
      fc.property(fc.nat({ max: 999_999 }), fc.nat({ max: 999 }), unit, (whole, part, suffix) => {
        const text = `${whole}.${String(part).padStart(3, '0')}${suffix}`;
        const bytes = memoryBytes(text);
        const [down, up] = [memoryMiB(text, 'down'), memoryMiB(text, 'up')];
        expect(down * 2 ** 20).toBeLessThanOrEqual(bytes);
        expect(up * 2 ** 20).toBeGreaterThanOrEqual(bytes);
        expect(up - down).toBeLessThanOrEqual(1);
      }),
    );
  });
});
