import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { at, observed, operation, service, target } from './service.builders.js';
import type { DatedObserved, RunningOperation, Target } from './service.js';
import { settle, type Settlement, type Situation } from './settle.js';

const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);

/** An upgrade to #2 rolls out over two clusters, two replicas each; nothing of #2 is ready yet. */
function upgrading(change: Partial<Situation> = {}): Situation {
  return {
    service: service({ targetRelease: 2, generation: 2, specVersion: 2 }),
    targets: [target('beijing', { release: 2, generation: 2 }), target('shanghai', { release: 2, generation: 2 })],
    observed: [half('beijing'), half('shanghai')],
    operations: [operation('upgrade')],
    rolloutSeconds: 300,
    now: after(10),
    ...change,
  };
}
const half = (cluster: string, change: Partial<DatedObserved> = {}) =>
  observed(cluster, { release: 2, generation: 2, replicas: 3, updated: 1, ready: 2, rolledOut: false, ...change });
const done = (cluster: string, change: Partial<DatedObserved> = {}) =>
  observed(cluster, { release: 2, generation: 2, ...change });
const ends = ({ operations }: Settlement) =>
  operations.flatMap(({ operation: { id }, end }) => (end ? [[id, end.state]] : []));
const stepsOf = ({ operations }: Settlement) =>
  operations.flatMap(({ steps }) => steps.map(({ name, cluster, state, detail }) => [name, cluster, state, detail]));

describe('an upgrade that rolls out', () => {
  test('runs on while one cluster is not done, with steps for each', () => {
    const settlement = settle(upgrading({ observed: [done('beijing'), half('shanghai')] }));
    expect(ends(settlement)).toEqual([]);
    expect(settlement.state.state).toBe('changing');
    expect(settlement.dueAt).toEqual(after(300));
    expect(stepsOf(settlement)).toEqual([
      ['namespace', 'beijing', 'done', undefined],
      ['apply', 'beijing', 'done', 'release #2, replicas 2'],
      ['pull', 'beijing', 'done', undefined],
      ['start', 'beijing', 'done', '2/2'],
      ['ready', 'beijing', 'done', 'ready 2/2'],
      ['namespace', 'shanghai', 'done', undefined],
      ['apply', 'shanghai', 'done', 'release #2, replicas 2'],
      ['pull', 'shanghai', 'running', undefined],
      ['start', 'shanghai', 'running', '1/2'],
      ['ready', 'shanghai', 'running', 'ready 0/2'],
    ]);
  });

  test('succeeds when every cluster is rolled out with 2 of 2 ready: the release is live and available', () => {
    const settlement = settle(upgrading({ observed: [done('beijing'), done('shanghai')] }));
    expect(ends(settlement)).toEqual([['upgrade', 'succeeded']]);
    expect(settlement).toMatchObject({ liveRelease: 2, halted: false, settledGeneration: 2, appliedGeneration: 2 });
    expect(settlement.results).toEqual([{ release: 2, result: 'available' }]);
    expect(settlement.operations[0]?.end?.result).toEqual({ release: 2, replicas: 4 });
    expect(settlement.state.state).toBe('running');
    expect(settlement.operations[0]?.steps.at(-1)).toMatchObject({ name: 'finish', state: 'done' });
  });

  const notDone: [string, Partial<DatedObserved>][] = [
    ['an older generation', { generation: 1 }],
    ['an older epoch', { epoch: 0 }],
    ['the release before', { release: 1 }],
    ['another restart token', { restartToken: 'x' }],
    ['a halt that is not asked for', { halted: true }],
    ['old containers left', { rolledOut: false }],
    ['1 of 2 ready', { ready: 1 }],
    ['no word from it', { fresh: false }],
  ];
  test.each(notDone)('does not succeed while a cluster has %s', (_, change) => {
    const settlement = settle(upgrading({ observed: [done('beijing'), done('shanghai', change)] }));
    expect(ends(settlement)).toEqual([]);
    expect(settlement.settledGeneration).toBe(1);
  });

  test('waits in words for a cluster that is silent', () => {
    const settlement = settle(upgrading({ observed: [done('beijing'), half('shanghai', { fresh: false })] }));
    expect(stepsOf(settlement)).toContainEqual([
      'ready',
      'shanghai',
      'waiting',
      'the cluster does not answer; last word: ready 0/2',
    ]);
    expect(settlement.state).toMatchObject({ state: 'changing', reason: 'cluster_silent' });
  });

  test('fails at its deadline after 300 s, not after 299: it halts, the old release stays live, the problem says why', () => {
    const rows = [done('beijing'), half('shanghai', { causeCode: 'probe_failing', causeDetail: 'HTTP 500' })];
    expect(ends(settle(upgrading({ observed: rows, now: after(299) })))).toEqual([]);
    const settlement = settle(upgrading({ observed: rows, now: after(300) }));
    expect(ends(settlement)).toEqual([['upgrade', 'failed']]);
    expect(settlement).toMatchObject({ halted: true, liveRelease: 1, results: [{ release: 2, result: 'failed' }] });
    expect(settlement.state).toMatchObject({ state: 'running', reason: 'rollout_halted' });
    const problem = settlement.operations[0]?.end?.problem;
    expect(problem?.code).toBe('rollout_deadline');
    expect(problem?.detail).toBe(
      'After 300 seconds 2 of 4 containers of release #2 are ready. In shanghai: probe_failing: HTTP 500.',
    );
    expect(problem?.stillWorks).toBe('Release #1 keeps serving; 4 of 4 containers are ready in all.');
    expect(problem?.errors).toEqual([
      expect.objectContaining({
        path: 'shanghai',
        code: 'probe_failing',
        message: '0 of 2 ready: probe_failing: HTTP 500',
      }),
    ]);
    expect(stepsOf(settlement)).toContainEqual(['ready', 'shanghai', 'failed', 'ready 0/2; probe_failing: HTTP 500']);
  });

  test('that failed does not end again', () => {
    const settlement = settle(upgrading({ operations: [], now: after(400) }));
    expect(settlement).toMatchObject({ operations: [], results: [] });
  });
});

describe('a first deploy', () => {
  const first = (change: Partial<Situation> = {}): Situation =>
    upgrading({
      service: service({ liveRelease: null, targetRelease: 1, generation: 1, settledGeneration: 0 }),
      targets: [target('beijing')],
      observed: [observed('beijing', { ready: 0, replicas: 2, updated: 2, rolledOut: false, causeCode: 'image_pull' })],
      operations: [operation('deploy', { kind: 'service.deploy', release: 1 })],
      ...change,
    });

  test('that pulls an image says so', () => {
    const settlement = settle(first());
    expect(stepsOf(settlement)).toContainEqual(['pull', 'beijing', 'running', 'image_pull']);
    expect(settlement.state).toMatchObject({ state: 'deploying', reason: 'image_pull' });
  });
  test('fails at its deadline into deploy_failed; nothing served before', () => {
    const settlement = settle(first({ now: after(300) }));
    expect(ends(settlement)).toEqual([['deploy', 'failed']]);
    expect(settlement.state.state).toBe('deploy_failed');
    expect(settlement.gone).toBe(false);
    expect(settlement.operations[0]?.end?.problem?.stillWorks).toMatch(/^Nothing served before/);
  });
  test('that failed and became ready afterwards serves: it is live, and nothing is halted any more', () => {
    const settlement = settle(
      first({
        operations: [],
        targets: [target('beijing', { halted: true })],
        observed: [observed('beijing', { halted: true })],
      }),
    );
    expect(settlement).toMatchObject({ liveRelease: 1, halted: false, results: [{ release: 1, result: 'available' }] });
  });
  test('without a placement by its deadline after 420 s leaves nothing', () => {
    const waiting = first({
      service: service({ liveRelease: null, targetRelease: null, candidateRelease: 1, generation: 0 }),
      targets: [],
      observed: [],
      operations: [operation('deploy', { kind: 'service.deploy', phase: 'placing', release: 1 })],
    });
    expect(settle(waiting)).toMatchObject({ gone: false, dueAt: after(420) });
    const settlement = settle({ ...waiting, now: after(420) });
    expect(ends(settlement)).toEqual([['deploy', 'failed']]);
    expect(settlement).toMatchObject({ gone: true, dropsCandidate: true });
  });
});

describe('a restart', () => {
  const waiting = operation('restart', { kind: 'service.restart', phase: 'waiting', release: null });

  test('waits while an upgrade rolls out, and has its turn when that succeeds', () => {
    const operations = [operation('upgrade'), waiting];
    expect(settle(upgrading({ operations })).begins).toBeNull();
    const settlement = settle(upgrading({ operations, observed: [done('beijing'), done('shanghai')] }));
    expect(ends(settlement)).toEqual([['upgrade', 'succeeded']]);
    expect(settlement.begins?.id).toBe('restart');
    expect(settlement.state.state).toBe('changing');
  });
  test('is refused when the upgrade before it fails', () => {
    const settlement = settle(upgrading({ operations: [operation('upgrade'), waiting], now: after(300) }));
    expect(ends(settlement)).toEqual([
      ['upgrade', 'failed'],
      ['restart', 'refused'],
    ]);
  });
  test('that runs is over when every cluster carries its token', () => {
    const running = operation('restart', { kind: 'service.restart', release: null, restartToken: 'restart' });
    const change = { release: 2, generation: 2, restartToken: 'restart' };
    const situation = upgrading({
      operations: [running],
      targets: [target('beijing', change)],
      observed: [done('beijing')],
    });
    expect(ends(settle(situation))).toEqual([]);
    expect(ends(settle({ ...situation, observed: [done('beijing', change)] }))).toEqual([['restart', 'succeeded']]);
  });
});

describe('a scale, which cluster-mgr conducts', () => {
  const scale = operation('scale', {
    kind: 'service.scale',
    conductor: 'cluster-mgr',
    generation: 2,
    release: null,
    rolloutDeadlineAt: null,
  });

  test('gets our steps; the generation settles when every cluster has exactly its ready replicas', () => {
    const situation = upgrading({ operations: [scale], observed: [done('beijing'), half('shanghai')] });
    expect(settle(situation)).toMatchObject({ settledGeneration: 1, state: { state: 'changing' } });
    const settlement = settle({ ...situation, observed: [done('beijing'), done('shanghai')] });
    expect(settlement.settledGeneration).toBe(2);
    expect(ends(settlement)).toEqual([['scale', 'closed']]);
  });
  test('beside a halted roll-out settles with old and new containers together', () => {
    const halted = { release: 2, generation: 2, halted: true };
    const situation = upgrading({
      operations: [scale],
      targets: [target('beijing', halted)],
      observed: [half('beijing', { halted: true })],
    });
    expect(settle(situation).settledGeneration).toBe(2);
  });
});

describe('a delete', () => {
  const deleting = (targets: Target[], rows: DatedObserved[], change: Partial<Situation> = {}) =>
    upgrading({
      service: service({ deleting: true }),
      targets: targets.map((row) => ({ ...row, phase: 'remove' as const })),
      observed: rows,
      operations: [
        operation('delete', { kind: 'service.delete', phase: 'removing', release: null, rolloutDeadlineAt: null }),
      ],
      ...change,
    });

  test('waits for a silent cluster in words and is not over', () => {
    const settlement = settle(deleting([target('shanghai')], [observed('shanghai', { fresh: false })]));
    expect(ends(settlement)).toEqual([]);
    expect(settlement).toMatchObject({ gone: false, state: { state: 'deleting', reason: 'cluster_silent' } });
    expect(stepsOf(settlement)[0]?.[2]).toBe('waiting');
  });
  test('is over with the last target: the service is gone', () => {
    const settlement = settle(deleting([], []));
    expect(ends(settlement)).toEqual([['delete', 'succeeded']]);
    expect(settlement.gone).toBe(true);
  });
  test('that is not over at its deadline fails, and goes on removing', () => {
    const settlement = settle(deleting([target('shanghai')], [], { now: after(420) }));
    expect(ends(settlement)).toEqual([['delete', 'failed']]);
    expect(settlement).toMatchObject({ gone: false, halted: false });
    expect(settle(deleting([], [], { operations: [] })).gone).toBe(true);
  });
});

describe('settling, whatever is seen', () => {
  const cluster = fc.constantFrom('beijing', 'shanghai');
  const row = fc.record({
    cluster,
    generation: fc.integer({ min: 1, max: 2 }),
    release: fc.integer({ min: 1, max: 2 }),
    ready: fc.integer({ min: 0, max: 4 }),
    rolledOut: fc.boolean(),
    fresh: fc.boolean(),
    halted: fc.boolean(),
  });
  const rows = fc.uniqueArray(row, { selector: (one) => one.cluster, maxLength: 2 });
  const situation = fc
    .record({ rows, seconds: fc.integer({ min: 0, max: 600 }) })
    .map(({ rows: seen, seconds }) =>
      upgrading({ observed: seen.map(({ cluster: name, ...change }) => observed(name, change)), now: after(seconds) }),
    );

  test('ends an operation at most once, and always by its deadline', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const first = settle(one);
        const ended = ends(first);
        const left: RunningOperation[] = ended.length > 0 ? [] : [operation('upgrade')];
        const late = ends(settle({ ...one, operations: left, now: after(420) }));
        return ended.length + late.length === 1;
      }),
    );
  });
  test('says nothing new the second time', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const first = settle(one);
        const operations = first.operations
          .filter(({ end }) => !end)
          .map((settled) => ({ ...settled.operation, steps: settled.steps }));
        const second = settle({ ...one, operations });
        return second.operations.every(({ changedSteps, end }) => changedSteps.length === 0 && !end);
      }),
    );
  });
});
