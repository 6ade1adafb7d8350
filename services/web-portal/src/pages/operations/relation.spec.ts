import { problemOf } from '@berth/api';
import type { OperationState } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { relationOf, waitsFor } from './relation.js';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const upgrade = (minute: number, state: OperationState, by?: string | null) => ({
  id: `at-${minute}`,
  kind: 'service.upgrade' as const,
  state,
  acceptedAt: at(minute),
  endedAt: at(minute + 5),
  problem: by === undefined ? null : problemOf('superseded', { kind: 'service.upgrade', operationId: by }),
  steps: [],
});

describe('another operation of the same service', () => {
  test.each([
    ['that came first and succeeded', upgrade(10, 'failed'), upgrade(1, 'succeeded'), 'before'],
    ['of the same kind that failed before', upgrade(10, 'succeeded'), upgrade(1, 'failed'), 'retried'],
    ['of the same kind after a failure', upgrade(10, 'failed'), upgrade(20, 'succeeded'), 'retry'],
    ['of the same kind after a cancel', upgrade(10, 'cancelled'), upgrade(20, 'succeeded'), 'retry'],
    ['named as the one that took its place', upgrade(10, 'superseded', 'at-90'), upgrade(90, 'failed'), 'superseding'],
    ['that is not the named one', upgrade(10, 'superseded', 'at-90'), upgrade(12, 'failed'), 'after'],
    ['accepted meanwhile, where none is named', upgrade(10, 'superseded', null), upgrade(12, 'failed'), 'superseding'],
    ['whose place this one took', upgrade(10, 'succeeded'), upgrade(1, 'superseded', 'at-10'), 'superseded'],
    ['after a success', upgrade(10, 'succeeded'), upgrade(20, 'succeeded'), 'after'],
  ] as const)('%s is %s', (_, operation, other, relation) => {
    expect(relationOf(operation, other)).toBe(relation);
  });

  test('is what a restart waits for, by its id', () => {
    const fact = { code: 'waits_for', params: { kind: 'service.upgrade', operationId: 'at-1' } };
    const steps = [{ name: 'check' as const, state: 'waiting' as const, startedAt: at(10), fact }];
    const restart = { ...upgrade(10, 'accepted'), steps };
    expect([waitsFor(restart), relationOf(restart, upgrade(1, 'running'))]).toEqual(['at-1', 'waitsFor']);
  });
});
