import type { PlacedData } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { operation, service, target, uid } from './service.builders.js';
import type { RunningOperation } from './service.js';
import { decideChange, decideDelete, decideDeploy, decidePlaced, decideRestart, targetsAfter } from './transition.js';

const key = 'shop/prod/cart';
const upgrade = { key, uid, ifVersion: 1 };
const code = (decision: object) => ('problem' in decision ? (decision.problem as { code: string }).code : undefined);
const placing = operation('placing', { phase: 'placing' });
const rolling = operation('rolling', { phase: 'rolling' });
const restart = operation('restart', { kind: 'service.restart', phase: 'waiting', release: null });
const scale = operation('scale', { kind: 'service.scale', conductor: 'cluster-mgr', release: null });

describe('a deploy', () => {
  test('goes when the key is free', () => expect(decideDeploy(null)).toEqual({ kind: 'go', supersedes: [] }));
  test('is refused when there is a service: name_taken', () =>
    expect(code(decideDeploy(service()))).toBe('name_taken'));
  test('is refused while the service of that name is being deleted: service_deleting', () =>
    expect(code(decideDeploy(service({ deleting: true })))).toBe('service_deleting'));
});

describe('an upgrade or rollback', () => {
  const refusals: [string, ReturnType<typeof service> | null, object, string][] = [
    ['no service', null, {}, 'not_found'],
    ['another incarnation', service(), { uid: '00000000-0000-4000-8000-000000000009' }, 'not_found'],
    ['a service that is being deleted', service({ deleting: true }), {}, 'service_deleting'],
    ['version 1 seen of a service at version 2', service({ specVersion: 2 }), {}, 'stale_version'],
  ];
  test.each(refusals)('with %s is refused', (_, present, change, expected) => {
    expect(code(decideChange(present, { ...upgrade, ...change }, []))).toBe(expected);
  });

  const supersedes: [string, RunningOperation[], string[]][] = [
    ['nothing', [], []],
    ['a change that still waits for its placement', [placing], ['placing']],
    ['not yet a change that rolls out', [rolling], []],
    ['not a restart that waits', [restart], []],
    ['not a scale', [scale], []],
  ];
  test.each(supersedes)('supersedes %s', (_, operations, expected) => {
    expect(decideChange(service(), upgrade, operations)).toEqual({ kind: 'go', supersedes: expected });
  });
});

describe('a restart', () => {
  const targets = [target('beijing')];
  test('goes when nothing runs', () => expect(decideRestart(service(), upgrade, [], targets).kind).toBe('go'));
  test.each([placing, rolling, restart])('waits for $id', (running) =>
    expect(decideRestart(service(), upgrade, [running], targets).kind).toBe('wait'),
  );
  test('does not wait for a scale', () => expect(decideRestart(service(), upgrade, [scale], targets).kind).toBe('go'));
  test('of a stopped service has nothing to do', () => {
    const placement = service().placement;
    const stopped = service({ placement: placement && { ...placement, stopped: true } });
    expect(code(decideRestart(stopped, upgrade, [], targets))).toBe('nothing_to_do');
  });
  test('of a halted roll-out has nothing to do', () =>
    expect(code(decideRestart(service(), upgrade, [], [target('beijing', { halted: true })]))).toBe('nothing_to_do'));
});

describe('a delete', () => {
  test('supersedes all that we conduct, and leaves a scale to cluster-mgr', () =>
    expect(decideDelete(service(), upgrade, [placing, rolling, restart, scale])).toEqual({
      kind: 'go',
      supersedes: ['placing', 'rolling', 'restart'],
    }));
  test('of a service that is being deleted is refused', () =>
    expect(code(decideDelete(service({ deleting: true }), upgrade, []))).toBe('service_deleting'));
});

describe('a placement', () => {
  const answer = { uid, specVersion: 2, generation: 2 };
  const candidate = service({ candidateRelease: 2, specVersion: 2 });

  test('of the candidate makes it the target; its own operation is not in its way', () =>
    expect(decidePlaced(candidate, answer, 2, [rolling])).toEqual({
      kind: 'promote',
      release: 2,
      supersedes: [],
    }));
  test('supersedes the roll-out of an earlier release', () => {
    const earlier = operation('earlier', { release: 1 });
    expect(decidePlaced(candidate, answer, 2, [earlier])).toMatchObject({ supersedes: ['earlier'] });
  });
  test('of what runs only changes replicas, also while a candidate waits', () =>
    expect(decidePlaced(candidate, { ...answer, specVersion: 1 }, 2, [])).toEqual({ kind: 'adjust' }));
  test('of any other spec is a change of replicas too: cluster-mgr may not know yet what became of a release', () => {
    const healed = service({ targetRelease: 2, liveRelease: 2, specVersion: 2 });
    expect(decidePlaced(healed, { ...answer, specVersion: 1 }, null, [])).toEqual({ kind: 'adjust' });
    expect(decidePlaced(candidate, { ...answer, specVersion: 7 }, 2, [])).toEqual({ kind: 'adjust' });
  });
  test.each([
    ['an older generation', { ...answer, generation: 1 }],
    ['the same generation', { ...answer, generation: 1 }],
    ['another incarnation', { ...answer, uid: '00000000-0000-4000-8000-000000000009' }],
  ])('of %s is ignored', (_, data) => expect(decidePlaced(candidate, data, 2, []).kind).toBe('ignore'));
  test('of a service that is being deleted is ignored', () =>
    expect(decidePlaced(service({ deleting: true }), answer, 2, []).kind).toBe('ignore'));
  test('before anything runs and for no candidate is ignored', () =>
    expect(decidePlaced(service({ targetRelease: null }), { ...answer, specVersion: 1 }, 2, []).kind).toBe('ignore'));
});

describe('targets after a placement', () => {
  const row = (cluster: string, replicas: number, reason = 'even_share'): PlacedData['assignments'][number] => ({
    cluster,
    replicas,
    epoch: 2,
    reason: { code: reason },
  });
  const present = [target('beijing', { halted: true }), target('shanghai', { halted: true })];

  test('a new release starts anew: release, epoch and generation are the new ones, nothing is halted', () => {
    const placed = { generation: 5, stopped: false, assignments: [row('beijing', 3), row('shanghai', 1)] };
    expect(targetsAfter(present, placed, { release: 2, restartToken: 't', promotes: true })).toEqual([
      target('beijing', { generation: 5, epoch: 2, release: 2, replicas: 3, restartToken: 't' }),
      target('shanghai', { generation: 5, epoch: 2, release: 2, replicas: 1, restartToken: 't' }),
    ]);
  });
  test('a scale keeps a halted roll-out halted', () => {
    const placed = { generation: 5, stopped: false, assignments: [row('beijing', 3), row('shanghai', 3)] };
    const after = targetsAfter(present, placed, { release: 1, restartToken: null, promotes: false });
    expect(after.map(({ halted, replicas }) => [halted, replicas])).toEqual([
      [true, 3],
      [true, 3],
    ]);
  });
  test('a cluster that is left, or no longer named, is emptied; a stopped one keeps its objects', () => {
    const after = (assignments: PlacedData['assignments'], stopped = false) =>
      targetsAfter(
        present,
        { generation: 5, stopped, assignments },
        { release: 1, restartToken: null, promotes: false },
      ).map(({ cluster, phase, replicas }) => [cluster, phase, replicas]);
    expect(after([row('beijing', 4)])).toEqual([
      ['beijing', 'run', 4],
      ['shanghai', 'remove', 0],
    ]);
    expect(after([row('beijing', 4), row('shanghai', 0, 'leaves')])[1]).toEqual(['shanghai', 'remove', 0]);
    expect(after([row('beijing', 0, 'stopped'), row('shanghai', 0, 'stopped')], true)[1]).toEqual([
      'shanghai',
      'run',
      0,
    ]);
    expect(after([], true)).toEqual([
      ['beijing', 'run', 0],
      ['shanghai', 'run', 0],
    ]);
  });
});
