import { describe, expect, test } from '@jest/globals';
import { illRelease, imageVersionOf } from './release.js';
import { whyNoRollback } from './rollback.js';
import { whyNothingToUpgrade } from './upgrade.js';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const image = {
  reference: '',
  repository: 'shop/cart',
  tag: '1.0',
  digest,
  architecture: 'amd64',
  user: null,
  exposedPorts: [],
  sizeBytes: 1,
};
const spec = { image: 'shop/cart:1.0', variables: [] as { name: string; value: string }[] } as never;

describe('going back to a release', () => {
  const ran = { readyAt: new Date() };
  const cases: [string, object, number, { readyAt: Date | null } | null, string | null][] = [
    ['#1 that ran before #2', { liveRelease: 2, targetRelease: 2 }, 1, ran, null],
    ['#2 that runs', { liveRelease: 2, targetRelease: 2 }, 2, ran, 'release_is_live'],
    ['#2 that serves under a failed #3', { liveRelease: 2, targetRelease: 3 }, 2, ran, null],
    ['#3 that failed', { liveRelease: 2, targetRelease: 3 }, 3, { readyAt: null }, 'release_never_ran'],
    ['#9 that there is not', { liveRelease: 2, targetRelease: 2 }, 9, null, 'no_such_release'],
  ];
  test.each(cases)('%s', (_, service, number, release, code) => {
    expect(whyNoRollback(service as never, number, release)?.code ?? null).toBe(code);
  });
});

describe('an upgrade to the same content', () => {
  const live = { number: 2, spec, image };
  const settled = { liveRelease: 2, targetRelease: 2, candidateRelease: null };

  test('has nothing to do', () =>
    expect(whyNothingToUpgrade(settled, live, { spec, image })?.code).toBe('nothing_to_do'));
  test('has nothing to do either when it gives 0 names and the release is from before there were names', () =>
    expect(
      whyNothingToUpgrade(settled, live, { spec: { ...(spec as object), hostAliases: [] } as never, image })?.code,
    ).toBe('nothing_to_do'));
  test('goes when it gives a name', () => {
    const named = { ...(spec as object), hostAliases: [{ ip: '10.2.0.15', hostnames: ['pay'] }] } as never;
    expect(whyNothingToUpgrade(settled, live, { spec: named, image })).toBeNull();
  });
  test('goes when the tag means another digest by now', () =>
    expect(
      whyNothingToUpgrade(settled, live, { spec, image: { ...image, digest: `sha256:${'f'.repeat(64)}` } }),
    ).toBeNull());
  test.each([
    ['lies under a failed roll-out', { ...settled, targetRelease: 3 }],
    ['is about to be replaced', { ...settled, candidateRelease: 3 }],
    ['never ran', { liveRelease: null, targetRelease: 2, candidateRelease: null }],
  ])('goes when what serves %s', (_, service) => {
    expect(whyNothingToUpgrade(service, service.liveRelease === null ? null : live, { spec, image })).toBeNull();
  });
});

test.each([
  ['running', null, null],
  ['degraded', 'probe_failing', 2],
  ['down', 'crash_loop', 2],
  ['down', 'no_capacity', null],
  ['unknown', 'cluster_silent', null],
] as const)('#2 of a service that is %s with the cause %s: %s is no good one to go back to', (state, reason, ill) => {
  expect(illRelease({ state, reason, targetRelease: 2 })).toBe(ill);
});

test('an image is shown as repository and tag, without a tag as 12 digits of its digest', () => {
  expect(imageVersionOf(image)).toBe('shop/cart:1.0');
  expect(imageVersionOf({ ...image, tag: null })).toBe('shop/cart:0123456789ab');
});
