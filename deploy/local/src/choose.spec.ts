import { describe, expect, test } from '@jest/globals';
import {
  clusterRanges,
  isRangeFree,
  overlaps,
  parseCidr,
  portBlock,
  portCandidates,
  rangeCandidates,
} from './choose.js';

describe('address ranges', () => {
  test('a range inside another overlaps, neighbours do not', () => {
    expect(overlaps(parseCidr('10.80.0.0/16'), parseCidr('10.80.7.0/24'))).toBe(true);
    expect(overlaps(parseCidr('10.80.0.0/16'), parseCidr('10.81.0.0/16'))).toBe(false);
    expect(overlaps(parseCidr('192.0.2.0/24'), parseCidr('192.0.2.2'))).toBe(true);
  });

  test('a default route takes no range, a route to one pod of it does', () => {
    expect(isRangeFree(99, [parseCidr('0.0.0.0/0')])).toBe(true);
    expect(isRangeFree(99, [parseCidr('10.99.3.4')])).toBe(false);
    expect(isRangeFree(99, [parseCidr('10.0.0.0/8')])).toBe(false);
  });

  test('all 187 candidates are tried once, and two checkouts start at different places', () => {
    const candidates = rangeCandidates('a1b2c3d4');
    expect(new Set(candidates).size).toBe(187);
    expect(candidates[0]).not.toBe(rangeCandidates('00000000')[0]);
  });

  test('the nine ranges of three clusters never overlap', () => {
    const ranges = [0, 1, 2].flatMap((index) => {
      const { pods, services, hostAddress } = clusterRanges(77, index);
      return [pods, services, `${hostAddress}/30`].map(parseCidr);
    });
    for (const [i, a] of ranges.entries()) for (const b of ranges.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
  });

  test('the pods of the real node lie inside the pods of the cluster', () => {
    for (const index of [0, 1, 2]) {
      const { pods, nodePods } = clusterRanges(77, index);
      expect(overlaps(parseCidr(pods), parseCidr(nodePods))).toBe(true);
      expect(parseCidr(pods).bits).toBeLessThan(parseCidr(nodePods).bits);
    }
  });
});

describe('port blocks', () => {
  test('every block of 100 stays below 32,768, where outgoing connections begin', () => {
    const bases = portCandidates('ffffffff');
    expect(Math.max(...bases) + portBlock).toBeLessThanOrEqual(32_768);
    expect(new Set(bases).size).toBe(bases.length);
  });
});
