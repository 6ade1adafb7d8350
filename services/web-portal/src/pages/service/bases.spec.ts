import type { ServiceSpec } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import type { ServiceWithEtag } from '../../api/queries.js';
import { basesOf, firstBase } from './bases.js';

const spec = (image: string) => ({ image }) as ServiceSpec;
const live = { spec: spec('web:1.0'), release: 1, resolvedImage: null };
const target = (result: 'pending' | 'failed') =>
  ({ release: 2, result, spec: spec('web:1.1'), resolvedImage: { digest: 'sha256:2' } }) as ServiceWithEtag['target'];
const standings = (service: Parameters<typeof basesOf>[0]) =>
  basesOf(service).map((base) => `#${base.release} ${base.standing} ${base.spec.image}`);

describe('what a change begins with', () => {
  test('is what serves, when that is all there is', () => {
    expect(standings({ ...live, target: null })).toEqual(['#1 live web:1.0']);
  });

  test('after a failed upgrade is the failed #2 or the serving #1', () => {
    expect(standings({ ...live, target: target('failed') })).toEqual(['#2 failed web:1.1', '#1 live web:1.0']);
    expect(standings({ ...live, target: target('pending') })).toEqual(['#2 rolling web:1.1', '#1 live web:1.0']);
  });

  test.each([
    ['from the menu', {}, 1],
    ['from a button of the Why card', { edit: 'variable' }, 2],
    ['from the failed operation', { base: 'target' as const }, 2],
    ['by an address that says so', { base: 'live' as const, edit: 'image' }, 1],
  ])('who comes %s begins with #%3$i', (_, wish, release) => {
    expect(firstBase(basesOf({ ...live, target: target('failed') }), wish)?.release).toBe(release);
  });

  test('of what was never deployed there is nothing', () => {
    const never = { spec: null, release: null, resolvedImage: null, target: null };
    expect(firstBase(basesOf(never), {})).toBeUndefined();
  });
});
