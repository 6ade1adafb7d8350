import { describe, expect, test } from '@jest/globals';
import { cancelOutcomeOf, cancellableKinds, isCancellable } from './cancel.js';
import { operationKinds } from './operation.js';

const of = (kind: (typeof operationKinds)[number], hasReachedClusters: boolean, hasServed: boolean) =>
  cancelOutcomeOf({ kind, hasReachedClusters, hasServed });

describe('what a cancel leaves', () => {
  test.each(cancellableKinds)('of a %s that has not reached a cluster: nothing was made', (kind) => {
    expect([of(kind, false, true), of(kind, false, false)]).toEqual(['nothing_made', 'nothing_made']);
  });

  test.each([
    ['service.deploy', false, 'removed'],
    ['service.upgrade', true, 'back'],
    ['service.rollback', true, 'back'],
    ['service.upgrade', false, 'stands_still'],
    ['service.rollback', false, 'stands_still'],
    ['service.restart', true, 'back'],
    ['service.scale', true, 'back'],
    ['service.split', true, 'back'],
    ['service.start', false, 'back'],
    ['service.stop', true, 'back'],
  ] as const)('of a %s in the clusters, served before: %s, is: %s', (kind, hasServed, outcome) => {
    expect(of(kind, true, hasServed)).toBe(outcome);
  });

  test('8 of 17 kinds can be cancelled; a delete cannot', () => {
    expect(operationKinds.filter(isCancellable)).toHaveLength(8);
    expect(isCancellable('service.delete')).toBe(false);
  });
});
