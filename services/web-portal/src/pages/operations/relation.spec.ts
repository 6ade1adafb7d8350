import { describe, expect, test } from '@jest/globals';
import { relationOf } from './relation.js';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const upgrade = (minute: number, state: 'failed' | 'superseded' | 'succeeded') => ({
  kind: 'service.upgrade' as const,
  state,
  acceptedAt: at(minute),
  endedAt: at(minute + 5),
});

describe('another operation of the same service', () => {
  test.each([
    ['that came first', upgrade(10, 'failed'), upgrade(1, 'succeeded'), 'before'],
    ['of the same kind after a failure', upgrade(10, 'failed'), upgrade(20, 'succeeded'), 'retry'],
    [
      'accepted while this one ran and was superseded',
      upgrade(10, 'superseded'),
      upgrade(12, 'succeeded'),
      'superseding',
    ],
    ['after a success', upgrade(10, 'succeeded'), upgrade(20, 'succeeded'), 'after'],
  ] as const)('%s is %s', (_, operation, other, relation) => {
    expect(relationOf(operation, other)).toBe(relation);
  });
});
