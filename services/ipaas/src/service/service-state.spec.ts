import { describe, expect, test } from '@jest/globals';
import { observed, target } from './service.builders.js';
import { clusterReplicasOf, newReady, serviceStateOf, type StateInput } from './service-state.js';

const now = new Date('2026-01-01T00:10:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

/** Two clusters, two replicas each, everything well. */
function input(change: Partial<StateInput> = {}): StateInput {
  return {
    deployed: true,
    deleting: false,
    everReady: true,
    changing: false,
    stopped: false,
    halted: false,
    targets: [target('beijing', { replicas: 2 }), target('shanghai', { replicas: 2 })],
    observed: [observed('beijing', { ready: 2 }), observed('shanghai', { ready: 2 })],
    unreadySince: null,
    now,
    ...change,
  };
}
const ready = (beijing: number, shanghai: number) => [
  observed('beijing', { ready: beijing, causeCode: beijing < 2 ? 'crash_loop' : null }),
  observed('shanghai', { ready: shanghai, causeCode: shanghai < 2 ? 'image_pull' : null }),
];
const silentAt = '2026-01-01T00:07:00.000Z';
const silent = [
  observed('beijing', { ready: 2 }),
  observed('shanghai', { ready: 2, fresh: false, observedAt: silentAt }),
];

describe('the state of a service', () => {
  const cases: [string, Partial<StateInput>, string, string | null][] = [
    ['4 of 4 ready', {}, 'running', null],
    ['4 of 4 ready beside a halted roll-out', { halted: true }, 'running', 'rollout_halted'],
    ['5 ready of 4 during a surge', { observed: ready(3, 2) }, 'running', null],
    ['3 of 4 ready for 0 s', { observed: ready(1, 2) }, 'running', null],
    ['3 of 4 ready for 59 s', { observed: ready(1, 2), unreadySince: ago(59) }, 'running', null],
    ['3 of 4 ready for 60 s', { observed: ready(1, 2), unreadySince: ago(60) }, 'degraded', 'crash_loop'],
    ['0 of 4 ready for 0 s', { observed: ready(0, 0) }, 'down', 'crash_loop'],
    ['1 of 4 ready again after 300 s', { observed: ready(0, 1), unreadySince: ago(300) }, 'degraded', 'crash_loop'],
    ['nothing seen of 4 wanted', { observed: [] }, 'down', null],
    ['a first deploy under way', { everReady: false, changing: true, observed: [] }, 'deploying', null],
    ['a first deploy without a placement', { everReady: false, changing: true, targets: [] }, 'deploying', null],
    [
      'a first deploy that waits for an image',
      { everReady: false, changing: true, observed: ready(2, 0) },
      'deploying',
      'image_pull',
    ],
    ['a first deploy that failed', { everReady: false, observed: ready(0, 1) }, 'deploy_failed', 'crash_loop'],
    [
      'registered in the CMDB and deployed nowhere',
      { deployed: false, everReady: false, targets: [], observed: [] },
      'undeployed',
      null,
    ],
    [
      'a first deploy that failed and was stopped',
      { everReady: false, stopped: true, targets: [target('beijing', { replicas: 0 })], observed: [] },
      'stopped',
      null,
    ],
    [
      'a first deploy that failed in a cluster that is silent now',
      { everReady: false, observed: silent },
      'unknown',
      'cluster_silent',
    ],
    [
      'a first deploy under way with a silent cluster',
      { everReady: false, changing: true, observed: silent },
      'deploying',
      'cluster_silent',
    ],
    ['a failed first deploy tried again', { everReady: false, changing: true, halted: true }, 'deploying', null],
    ['an upgrade under way', { changing: true }, 'changing', null],
    ['an upgrade under way with a silent cluster', { changing: true, observed: silent }, 'changing', 'cluster_silent'],
    ['a silent cluster', { observed: silent }, 'unknown', 'cluster_silent'],
    [
      'a silent cluster that was to have 0',
      { observed: silent, targets: [target('beijing', { replicas: 2 })] },
      'running',
      null,
    ],
    [
      'stopped',
      { stopped: true, targets: [target('beijing', { replicas: 0 })], observed: [observed('beijing', { ready: 0 })] },
      'stopped',
      null,
    ],
    [
      'stopping, 2 not gone yet',
      { stopped: true, changing: true, targets: [target('beijing', { replicas: 0 })] },
      'changing',
      null,
    ],
    [
      'stopped but silent with 2 last seen',
      { stopped: true, targets: [target('shanghai', { replicas: 0 })], observed: silent },
      'unknown',
      'cluster_silent',
    ],
    ['being deleted', { deleting: true, changing: true }, 'deleting', null],
    ['being deleted with a silent cluster', { deleting: true, observed: silent }, 'deleting', 'cluster_silent'],
  ];

  test.each(cases)('%s', (_, change, state, reason) => {
    expect(serviceStateOf(input(change))).toMatchObject({ state, reason });
  });

  test('counts 4/4 and not 5/4 while a fifth container is ready for a moment', () => {
    expect(serviceStateOf(input({ observed: ready(3, 2) }))).toMatchObject({ desired: 4, ready: 4 });
  });

  test('keeps the last numbers of a silent cluster, marks them as not fresh and says how old they are', () => {
    const output = serviceStateOf(input({ observed: silent }));
    expect(output).toMatchObject({ desired: 4, ready: 4 });
    const last = { cluster: 'shanghai', desired: 2, ready: 2, updated: 2, fresh: false, silentSince: silentAt };
    expect(output.clusters).toContainEqual(last);
    expect(output.clusters[0]).not.toHaveProperty('silentSince');
  });

  test('remembers since when it is short, and says when it will be degraded', () => {
    const first = serviceStateOf(input({ observed: ready(1, 2) }));
    expect(first.unreadySince).toEqual(now);
    expect(first.changesAt).toEqual(new Date(now.getTime() + 60_000));
    const later = serviceStateOf(input({ observed: ready(1, 2), unreadySince: ago(30) }));
    expect(later.unreadySince).toEqual(ago(30));
    expect(serviceStateOf(input({ unreadySince: ago(30) })).unreadySince).toBeNull();
  });
});

describe('replicas per cluster', () => {
  test('a cluster that is being emptied is named while it still has containers, with 0 wanted', () => {
    const targets = [target('beijing', { replicas: 2 }), target('shanghai', { replicas: 2, phase: 'remove' })];
    const seen = [observed('beijing', { ready: 2 }), observed('shanghai', { ready: 1 })];
    expect(clusterReplicasOf(targets, seen).map((row) => [row.cluster, row.desired, row.ready])).toEqual([
      ['beijing', 2, 2],
      ['shanghai', 0, 1],
    ]);
    expect(clusterReplicasOf(targets, [observed('shanghai', { ready: 0 })])).toHaveLength(1);
  });

  test.each([
    [5, 1, 4, 0, 'a new one that is not ready beside 4 old ones'],
    [5, 1, 5, 1, 'a new one that is ready beside 4 old ones'],
    [4, 4, 3, 3, 'only new ones, 3 of 4 ready'],
    [4, 4, 4, 4, 'all new and ready'],
    [3, 1, 1, 0, 'old ones that are not ready either'],
  ])('of %i pods, %i new and %i ready, %i new ones are ready: %s', (replicas, updated, ready_, expected) => {
    expect(newReady(observed('beijing', { replicas, updated, ready: ready_ }))).toBe(expected);
  });
});
