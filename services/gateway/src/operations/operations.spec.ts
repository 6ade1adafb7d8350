import { describe, expect, test } from '@jest/globals';
import { problemOf } from '@berth/api';
import { operationStates, type OperationChange, type OperationStep } from '@berth/contracts';
import fc from 'fast-check';
import { deadlineMsOf, isOverdue, merge, mergeSteps, openedBy, swept, type OperationRow } from './operations.js';

const at = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-01T00:01:00Z');
const from = { source: 'ipaas', at, correlationId: 'c', actor: undefined };
const change = (given: Partial<OperationChange> = {}): OperationChange => ({
  operationId: '00000000-0000-4000-8000-000000000001',
  kind: 'service.deploy',
  target: 'shop/dev/cart',
  ...given,
});
const accepted = openedBy(change(), from);
const step = (name: OperationStep['name'], given: Partial<OperationStep> = {}): OperationStep => ({
  name,
  state: 'running',
  startedAt: at.toISOString(),
  ...given,
});
const stateAfter = (row: OperationRow, given: Partial<OperationChange>, source = 'ipaas') =>
  merge(row, change(given), { source, at: later }).operation.state;

describe('a change of an operation', () => {
  test('running starts it once', () => {
    const { operation } = merge(accepted, change({ state: 'running' }), { source: 'ipaas', at });
    expect(merge(operation, change({ state: 'running' }), { source: 'ipaas', at: later }).operation.startedAt).toEqual(
      at,
    );
    expect(stateAfter(operation, { state: 'accepted' })).toBe('running');
  });

  test('of another service than its conductor moves nothing, except that its command was put aside', () => {
    expect(stateAfter(accepted, { state: 'succeeded' }, 'cluster-mgr')).toBe('accepted');
    expect(stateAfter(accepted, { state: 'failed' }, 'cluster-mgr')).toBe('accepted');
    const problem = problemOf('dead_letter', { attempts: 5, reason: 'x' });
    expect(stateAfter(accepted, { state: 'failed', problem }, 'cluster-mgr')).toBe('failed');
  });

  test('may say what the operation changes; a later one without it leaves it as it is', () => {
    const effect = { from: { replicas: 4 }, to: { replicas: 6 } };
    const { operation } = merge(accepted, change({ effect }), { source: 'ipaas', at });
    expect(accepted.effect).toBeNull();
    expect(merge(operation, change({ state: 'running' }), { source: 'ipaas', at }).operation.effect).toEqual(effect);
  });

  test('any order of changes ends it in the first final state that came, and counts the later ones', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...operationStates), { maxLength: 12 }), (states) => {
        let row = accepted;
        let late = 0;
        for (const state of states) {
          const merged = merge(row, change({ state }), { source: 'ipaas', at: later });
          row = merged.operation;
          late += Number(merged.isLate);
        }
        const first = states.findIndex((state) => state !== 'accepted' && state !== 'running');
        expect(row.endedAt !== null).toBe(first >= 0);
        if (first >= 0) expect([row.state, late]).toEqual([states[first], states.length - first - 1]);
      }),
    );
  });
});

describe('steps', () => {
  test('are one by name and cluster, in the order in which they came, with the newest facts', () => {
    const known = [step('check', { state: 'done' }), step('ready', { cluster: 'beijing' })];
    const heard = [
      step('ready', { cluster: 'shanghai' }),
      step('ready', { cluster: 'beijing', state: 'done', detail: '2/2' }),
    ];
    expect(mergeSteps(known, heard).map(({ name, cluster, state }) => `${name} ${cluster} ${state}`)).toEqual([
      'check undefined done',
      'ready beijing done',
      'ready shanghai running',
    ]);
  });

  test('merged twice are the same as merged once', () => {
    const some = fc.array(
      fc.record({ name: fc.constantFrom('pull' as const, 'start' as const), cluster: fc.constantFrom('a', 'b') }),
    );
    fc.assert(
      fc.property(some, some, (first, second) => {
        const [known, heard] = [first, second].map((list) => list.map(({ name, cluster }) => step(name, { cluster })));
        const once = mergeSteps(known ?? [], heard ?? []);
        expect(mergeSteps(once, heard ?? [])).toEqual(once);
      }),
    );
  });
});

describe('the time an operation may take', () => {
  test.each([
    ['service.deploy', { spec: { rolloutDeadlineSeconds: 300 } }, 420],
    ['service.upgrade', { spec: { rolloutDeadlineSeconds: 60 } }, 180],
    ['service.delete', {}, 86_400],
    ['service.rollback', {}, 3_720],
    ['service.scale', { replicas: 3 }, 600],
    ['cluster.register', {}, 600],
    ['cmdb.remove', { source: 'sample' }, 86_400],
  ] as const)('%s with %j: %s s', (kind, data, seconds) => expect(deadlineMsOf(kind, data)).toBe(seconds * 1_000));

  test('is over 60 s after the deadline and not before; an ended one is never overdue', () => {
    const deadlineMs = accepted.deadlineAt.getTime();
    expect([60_000, 60_001].map((more) => isOverdue(accepted, new Date(deadlineMs + more)))).toEqual([false, true]);
    const ended = swept(accepted, new Date(deadlineMs + 60_001));
    expect(ended).toMatchObject({ state: 'failed', problem: { code: 'operation_deadline', params: { seconds: 600 } } });
    expect(isOverdue(ended, new Date(deadlineMs + 99_999_999))).toBe(false);
  });
});
