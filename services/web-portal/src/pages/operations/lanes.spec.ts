import type { OperationStep } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { lanesOf, stepsOf } from './lanes.js';

const step = (name: OperationStep['name'], cluster?: string): OperationStep => ({
  name,
  state: 'done',
  startedAt: '2026-01-01T00:00:00Z',
  ...(cluster && { cluster }),
});

describe('the lanes of an operation', () => {
  test('a running deploy with 3 steps in 2 clusters: 2 lanes, finish is still to come, 3 of 14', () => {
    const lanes = lanesOf(
      'service.deploy',
      [step('check'), step('apply', 'shanghai'), step('apply', 'beijing')],
      false,
    );
    expect(lanes.clusters.map((lane) => lane.cluster)).toEqual(['beijing', 'shanghai']);
    expect(lanes.nextBefore).toEqual(['record_release', 'split_replicas']);
    expect(lanes.nextAfter).toEqual(['finish']);
    expect([lanes.done, lanes.total]).toEqual([3, 14]);
  });

  test('an operation that ended has nothing to come', () => {
    const lanes = lanesOf('service.scale', [step('check'), step('finish')], true);
    expect([lanes.nextBefore, lanes.nextAfter, lanes.total]).toEqual([[], [], 2]);
    expect(lanes.after.map((row) => row.name)).toEqual(['finish']);
  });

  test('a step that was under way when the operation was refused has failed with it', () => {
    const running = { ...step('split_replicas'), state: 'running' as const };
    const endedAt = '2026-01-01T00:00:02Z';
    expect(stepsOf({ state: 'refused', steps: [step('check'), running], endedAt })).toEqual([
      step('check'),
      { ...running, state: 'failed', endedAt },
    ]);
    expect(stepsOf({ state: 'running', steps: [running], endedAt: null })).toEqual([running]);
  });
});
