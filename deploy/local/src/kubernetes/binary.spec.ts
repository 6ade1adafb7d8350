import { describe, expect, test } from '@jest/globals';
import { buildProgress, isRecentGo } from './binary.js';

describe('the build of Kubernetes', () => {
  test('tells its progress in tenths with what is left, and counts compiled packages only', () => {
    const told: string[] = [];
    let now = 0;
    const hear = buildProgress(
      'Kubernetes',
      100,
      (detail) => told.push(detail.replace(/^.*once: /, '')),
      () => now,
    );
    hear('go: downloading k8s.io/api v0.34.4');
    for (let i = 1; i <= 50; i += 1) {
      hear(`k8s.io/package${i}`);
      now += 6_000;
    }
    expect(told).toEqual([
      'downloading its modules',
      '0 %',
      '10 %, about 8 min left',
      '20 %, about 8 min left',
      '30 %, about 7 min left',
      '40 %, about 6 min left',
      '50 %, about 5 min left',
    ]);
  });

  test.each([
    ['go1.24.1', true],
    ['go1.25.5', true],
    ['go2.0', true],
    ['go1.23.9', false],
    ['', false],
  ])('Go %s is recent enough: %s', (version, recent) => {
    expect(isRecentGo(version)).toBe(recent);
  });
});
