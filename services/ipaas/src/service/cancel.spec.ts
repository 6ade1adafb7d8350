import { describe, expect, test } from '@jest/globals';
import { at, observed, operation, service, target } from './service.builders.js';
import { cancelledProblem, decideCancel, isUndone, wayBack } from './cancel.js';
import { settle, type Situation } from './settle.js';
import type { Cancel } from './service.js';

const actor = { id: 'u', name: '何静', channel: 'portal' as const };
const cancelOf = (outcome: Cancel['outcome']): Cancel => ({ actor, cause: null, outcome });
const asked = { kind: 'service.upgrade' as const, endState: null };
const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);

describe('a cancel', () => {
  test('of an operation that succeeded 1 ms earlier changes nothing and says how it ended', () => {
    const decision = decideCancel(service(), undefined, { ...asked, endState: 'succeeded' });
    expect(decision).toMatchObject({
      kind: 'refuse',
      problem: { code: 'operation_ended', params: { state: 'succeeded' } },
    });
  });

  test('of a delete is refused: there is no way back', () => {
    const removing = operation('delete', { kind: 'service.delete', phase: 'removing' });
    expect(decideCancel(service(), removing, asked)).toMatchObject({ problem: { code: 'not_cancellable' } });
  });

  test('that comes a second time does nothing', () => {
    const cancelling = operation('upgrade', { phase: 'cancelling', cancel: cancelOf('back') });
    expect(decideCancel(service(), cancelling, asked)).toEqual({ kind: 'again' });
  });

  test.each([
    ['an upgrade that rolls out', operation('o'), 1, 'back'],
    ['an upgrade that waits for its place', operation('o', { phase: 'placing' }), 1, 'nothing_made'],
    ['a restart that waits', operation('o', { kind: 'service.restart', phase: 'waiting' }), 1, 'nothing_made'],
    ['a first deploy that rolls out', operation('o', { kind: 'service.deploy' }), null, 'removed'],
    ['an upgrade after a first deploy that failed', operation('o'), null, 'stands_still'],
  ] as const)('of %s leaves: %s', (_, running, liveRelease, outcome) => {
    expect(decideCancel(service({ liveRelease }), running, asked)).toEqual({ kind: 'go', outcome });
  });
});

describe('the way back', () => {
  const rolling = [target('beijing', { release: 2, halted: true }), target('shanghai', { release: 2 })];

  test('of an upgrade to #2 is release #1 in both clusters, with their 2 replicas each, and nothing halted', () => {
    const back = wayBack(service({ targetRelease: 2 }), rolling, operation('o'), 'back');
    expect(back.service.targetRelease).toBe(1);
    expect(back.targets.map(({ release, replicas, halted }) => [release, replicas, halted])).toEqual([
      [1, 2, false],
      [1, 2, false],
    ]);
  });

  test('of a restart is the token that it found; the release stays', () => {
    const restart = operation('r', { kind: 'service.restart', restartToken: 'r', restartTokenBefore: 'earlier' });
    const targets = [target('beijing', { restartToken: 'r' })];
    const back = wayBack(service({ restartToken: 'r' }), targets, restart, 'back');
    expect([back.service.restartToken, back.targets[0]?.restartToken, back.targets[0]?.release]).toEqual([
      'earlier',
      'earlier',
      1,
    ]);
  });

  test('of a first deploy is to remove it from both clusters', () => {
    const back = wayBack(
      service({ liveRelease: null }),
      rolling,
      operation('o', { kind: 'service.deploy' }),
      'removed',
    );
    expect([back.service.deleting, ...back.targets.map(({ phase }) => phase)]).toEqual([true, 'remove', 'remove']);
  });

  test('where nothing ever served is none: both clusters stand still', () => {
    const back = wayBack(service({ liveRelease: null, targetRelease: 2 }), rolling, operation('o'), 'stands_still');
    expect(back.targets.map(({ release, halted }) => [release, halted])).toEqual([
      [2, true],
      [2, true],
    ]);
  });
});

/** An upgrade to #2 was cancelled: the clusters are told to run #1 again. */
function cancelling(change: Partial<Situation> = {}): Situation {
  return {
    service: service({ generation: 2, specVersion: 2 }),
    targets: [target('beijing', { generation: 2 }), target('shanghai', { generation: 2 })],
    observed: [observed('beijing', { generation: 2 }), observed('shanghai', { generation: 2, release: 2 })],
    operations: [operation('upgrade', { phase: 'cancelling', cancel: cancelOf('back') })],
    rolloutSeconds: 300,
    now: after(10),
    ...change,
  };
}
const endOf = (situation: Situation) => settle(situation).operations[0]?.end;

describe('a cancelled operation', () => {
  test('goes on while 1 of 2 clusters is not back, with a step for each', () => {
    const settlement = settle(cancelling());
    expect(settlement.operations[0]?.end).toBeUndefined();
    expect(settlement.state.state).toBe('changing');
    expect(settlement.operations[0]?.steps.map(({ name, cluster, state }) => [name, cluster, state])).toEqual([
      ['undo', 'beijing', 'done'],
      ['undo', 'shanghai', 'running'],
    ]);
  });

  test('ends as cancelled when both are back, and says that #1 serves with 4 of 4', () => {
    const rows = [observed('beijing', { generation: 2 }), observed('shanghai', { generation: 2 })];
    const settlement = settle(cancelling({ observed: rows }));
    expect(settlement.operations[0]?.end).toMatchObject({
      state: 'cancelled',
      problem: { code: 'cancelled', params: { by: '何静', outcome: 'back', liveRelease: 1, ready: 4, desired: 4 } },
    });
    expect(settlement).toMatchObject({ liveRelease: 1, halted: false, results: [], state: { state: 'running' } });
  });

  test('ends at its deadline after 420 s though a cluster is silent, and names it', () => {
    const rows = [observed('beijing', { generation: 2 }), observed('shanghai', { release: 2, fresh: false })];
    expect(endOf(cancelling({ observed: rows, now: after(419) }))).toBeUndefined();
    expect(endOf(cancelling({ observed: rows, now: after(420) }))).toMatchObject({
      state: 'cancelled',
      problem: { errors: [{ path: 'shanghai', code: 'cluster_silent', params: { ready: 2, desired: 2 } }] },
    });
  });

  test('of a first deploy ends with its last target, and the service is gone', () => {
    const operations = [
      operation('deploy', { kind: 'service.deploy', phase: 'cancelling', cancel: cancelOf('removed') }),
    ];
    const first = service({ liveRelease: null, deleting: true });
    const left = cancelling({ service: first, operations, targets: [target('beijing', { phase: 'remove' })] });
    expect([endOf(left), settle(left).gone]).toEqual([undefined, false]);
    const gone = settle({ ...left, targets: [] });
    expect([gone.operations[0]?.end?.state, gone.gone]).toEqual(['cancelled', true]);
  });

  test('that stands still is over at once', () => {
    expect(isUndone(cancelOf('stands_still'), [target('beijing', { halted: true })], [])).toBe(true);
    const left = { service: service({ liveRelease: null }), targets: [target('beijing')], observed: [] };
    expect(cancelledProblem(cancelOf('stands_still'), left).errors).toBeUndefined();
  });
});
