import { clusterPlanOf, stepPlans, type OperationKind, type OperationStep } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { lanesOf, splitOf, stepsOf } from './lanes.js';

const step = (name: OperationStep['name'], cluster?: string): OperationStep => ({
  name,
  state: 'done',
  startedAt: '2026-01-01T00:00:00Z',
  ...(cluster && { cluster }),
});
const split: OperationStep = {
  ...step('split_replicas'),
  split: ['beijing', 'shanghai'].map((cluster) => ({ cluster, replicas: 2, reason: { code: 'even_share' } })),
};

describe('the lanes of an operation', () => {
  test('a deploy that is not split yet: 2 done, and no total that would jump later', () => {
    const lanes = lanesOf('service.deploy', [step('check'), step('record_release')], false);
    expect([lanes.done, lanes.total]).toEqual([2, null]);
    expect([lanes.nextBefore, lanes.nextAfter]).toEqual([['split_replicas'], ['finish']]);
  });

  test('a deploy that is split over 2 clusters: 2 lanes of 5 steps to come at once, 3 of 14', () => {
    const lanes = lanesOf('service.deploy', [step('check'), step('record_release'), split], false);
    expect(lanes.clusters.map(({ cluster, next }) => [cluster, next.length])).toEqual([
      ['beijing', 5],
      ['shanghai', 5],
    ]);
    expect([lanes.done, lanes.total]).toEqual([3, 14]);
  });

  test('the total stays 14 as cluster steps come in', () => {
    const some = [step('check'), step('record_release'), split, step('namespace', 'beijing'), step('apply', 'beijing')];
    expect(lanesOf('service.deploy', some, false)).toMatchObject({ done: 5, total: 14 });
  });

  test.each(Object.keys(stepPlans) as OperationKind[])('%s over 2 clusters that went by its plan is n of n', (kind) => {
    const plan = stepPlans[kind];
    const all = [
      ...(plan?.before ?? []).map((name) => (name === 'split_replicas' ? split : step(name))),
      ...['beijing', 'shanghai'].flatMap((cluster) => clusterPlanOf(kind).map((name) => step(name, cluster))),
      ...(plan?.after ?? []).map((name) => step(name)),
    ];
    for (const hasEnded of [false, true])
      expect(lanesOf(kind, all, hasEnded)).toMatchObject({ done: all.length, total: all.length });
  });

  test('a cluster without a share is emptied, and one that is left is only cleaned up', () => {
    const shares = [
      { cluster: 'beijing', replicas: 2, reason: { code: 'pinned' } },
      { cluster: 'shanghai', replicas: 0, reason: { code: 'at_capacity' } },
      { cluster: 'wuhan', replicas: 0, reason: { code: 'leaves' } },
    ];
    const lanes = lanesOf('service.upgrade', [{ ...split, split: shares }], false);
    expect(lanes.clusters.map(({ cluster, next }) => [cluster, next.length])).toEqual([
      ['beijing', 5],
      ['shanghai', 2],
      ['wuhan', 1],
    ]);
  });

  test('what is on its way back has nothing more to come', () => {
    const undo: OperationStep = { ...step('undo', 'beijing'), state: 'running' };
    const lanes = lanesOf('service.upgrade', [step('check'), split, step('apply', 'beijing'), undo], false);
    expect([lanes.nextBefore, lanes.nextAfter, lanes.clusters[0]?.next]).toEqual([[], [], []]);
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

  test('the way back is done when the operation is cancelled', () => {
    const undo = { ...step('undo'), state: 'running' as const };
    const endedAt = '2026-01-01T00:00:02Z';
    expect(stepsOf({ state: 'cancelled', steps: [undo], endedAt })[0]?.state).toBe('done');
  });

  test('the last split counts', () => {
    const later = { ...split, name: 'undo' as const, split: [{ cluster: 'a', replicas: 1, reason: { code: 'kept' } }] };
    expect(splitOf([split, later])).toHaveLength(1);
  });
});
