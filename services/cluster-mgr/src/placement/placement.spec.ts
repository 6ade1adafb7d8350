import type { Assignment } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import {
  asAsked,
  decided,
  moved,
  placedOf,
  reservationsOf,
  settled,
  withEpoch,
  withoutSpec,
  type Placement,
} from './placement.js';

const uid = '00000000-0000-4000-8000-000000000001';
const small = { cpuMillis: 1000, memoryMiB: 1024 };
const big = { cpuMillis: 2000, memoryMiB: 512 };
const key = 'shop/prod/cart';
const policy = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };
const initial = { replicas: 4, policy };
const row = (cluster: string, replicas: number): Assignment => ({
  cluster,
  replicas,
  epoch: 1,
  reason: { code: 'even_share' },
});
const even = [row('beijing', 2), row('shanghai', 2)];

function running(change: Partial<Placement> = {}): Placement {
  const live = { specVersion: 1, size: small };
  const rest = {
    total: 4,
    stopped: false,
    policy,
    live,
    candidate: null,
    serviceState: 'running',
    paused: false,
    settledGeneration: 1,
    moving: null,
  };
  return { key, uid, generation: 1, assignments: even, ...rest, ...change };
}
function expectPlacement(asked: ReturnType<typeof asAsked>): Placement {
  if (typeof asked === 'string') throw new TypeError(`expected a placement, got ${asked}`);
  return asked;
}
function upgrading(assignments = even): Placement {
  return decided(
    expectPlacement(asAsked(running(), { key, uid, specVersion: 2, size: big })),
    assignments,
    'candidate',
  );
}

describe('a request for a placement', () => {
  test('of an unknown service without total and policy is unknown', () => {
    expect(asAsked(null, { key, uid, specVersion: 1, size: small })).toBe('unknown_service');
  });

  test('of an unknown service starts with its initial total', () => {
    expect(asAsked(null, { key, uid, specVersion: 1, size: small, initial })).toMatchObject({
      total: 4,
      generation: 0,
      stopped: false,
    });
  });

  test('of another incarnation with the same name forgets the earlier one', () => {
    const other = '00000000-0000-4000-8000-000000000002';
    expect(
      asAsked(running({ generation: 9 }), { key, uid: other, specVersion: 1, size: small, initial }),
    ).toMatchObject({
      uid: other,
      generation: 0,
      assignments: [],
    });
  });

  test('for spec 2 of a running service keeps its total of 4, whatever the initial says', () => {
    const asked = asAsked(running(), { key, uid, specVersion: 2, size: big, initial: { ...initial, replicas: 9 } });
    expect(asked).toMatchObject({
      total: 4,
      live: { specVersion: 1 },
      candidate: { specVersion: 2, generation: 2, before: even },
    });
  });

  test('for spec 1 while 2 is on its way is stale', () => {
    expect(asAsked(upgrading(), { key, uid, specVersion: 1, size: small })).toBe('stale');
  });

  test('for spec 3 while 2 is on its way replaces it and still remembers the split before both', () => {
    const split = [row('beijing', 1), row('shanghai', 3)];
    const asked = asAsked(upgrading(split), { key, uid, specVersion: 3, size: small });
    expect(asked).toMatchObject({ candidate: { specVersion: 3, generation: 3, before: even } });
  });
});

describe('what a service reserves', () => {
  test('is replicas times request in each cluster', () => {
    expect(reservationsOf(running())).toEqual([
      { cluster: 'beijing', pods: 2, cpuMillis: 2000, memoryMiB: 2048 },
      { cluster: 'shanghai', pods: 2, cpuMillis: 2000, memoryMiB: 2048 },
    ]);
  });

  test('in dev is a quarter of its size', () => {
    expect(reservationsOf(running({ key: 'shop/dev/cart' }))[0]).toMatchObject({ cpuMillis: 500, memoryMiB: 512 });
  });

  test('during an upgrade is the larger of old and candidate, in each cluster and resource', () => {
    expect(reservationsOf(upgrading([row('beijing', 1), row('shanghai', 3)]))).toEqual([
      { cluster: 'beijing', pods: 2, cpuMillis: 2000, memoryMiB: 2048 },
      { cluster: 'shanghai', pods: 3, cpuMillis: 6000, memoryMiB: 2048 },
    ]);
  });

  test('while stopped is nothing', () => {
    expect(reservationsOf(running({ stopped: true, assignments: [row('beijing', 0)] }))).toEqual([]);
  });
});

describe('a candidate', () => {
  const said = { specVersion: 2, settledGeneration: 2, size: big };

  test('becomes the live one when its generation has settled with its size', () => {
    expect(settled(upgrading(), said)).toMatchObject({ live: { specVersion: 2, size: big }, candidate: null });
  });

  test('stays a candidate while generation 1 is what has settled', () => {
    expect(settled(upgrading(), { ...said, settledGeneration: 1 }).candidate).not.toBeNull();
  });

  test('stays a candidate when its roll-out was halted: settled, but the old size serves', () => {
    expect(settled(upgrading(), { ...said, size: small }).candidate).not.toBeNull();
  });

  test('that was given back and comes to life after all is reserved for by its size', () => {
    const dropped = withoutSpec(upgrading(), 2) as Placement;
    expect(settled(dropped, { ...said, settledGeneration: 1 }).live.size).toEqual(big);
  });

  test('that is dropped gives its reservation back, and nothing is said when the split was the same', () => {
    const dropped = withoutSpec(upgrading(), 2);
    expect(dropped).toMatchObject({ candidate: null, generation: 2, assignments: even });
  });

  test('that is dropped after it moved replicas moves them back under a new generation', () => {
    const dropped = withoutSpec(upgrading([row('beijing', 1), row('shanghai', 2), row('wuhan', 1)]), 2);
    expect(dropped).toMatchObject({ candidate: null, generation: 3 });
    expect(dropped?.assignments.map(({ cluster, replicas }) => `${cluster} ${replicas}`)).toEqual([
      'beijing 2',
      'shanghai 2',
      'wuhan 0',
    ]);
    expect(dropped && placedOf(dropped).specVersion).toBe(1);
  });

  test('that is dropped after a scale goes back to the scaled split', () => {
    const scaled = decided({ ...upgrading(), total: 6 }, [row('beijing', 3), row('shanghai', 3)], 'change');
    expect(withoutSpec(scaled, 2)).toMatchObject({
      total: 6,
      generation: 3,
      assignments: [{ replicas: 3 }, { replicas: 3 }],
    });
  });

  test('takes the place of a live spec that is given back', () => {
    expect(withoutSpec(upgrading(), 1)).toMatchObject({ live: { specVersion: 2 }, candidate: null });
  });

  test('is not touched by giving back a spec that holds nothing', () => {
    expect(withoutSpec(upgrading(), 7)).toBeNull();
    expect(withoutSpec(running(), 1)).toBeNull();
  });
});

test('the answer names the candidate while there is one, and rises by one generation', () => {
  expect(placedOf(upgrading())).toMatchObject({ specVersion: 2, generation: 2, total: 4 });
});

test('a readmitted cluster is claimed under epoch 2, other clusters stay at 1', () => {
  const renewed = withEpoch(running(), 'beijing', 2);
  expect(renewed?.generation).toBe(2);
  expect(renewed?.assignments.map(({ cluster, epoch }) => `${cluster} ${epoch}`)).toEqual(['beijing 2', 'shanghai 1']);
  expect(withEpoch(running(), 'wuhan', 2)).toBeNull();
});

describe('a move', () => {
  const pinned = { mode: 'pinned' as const, clusters: ['shanghai'], minPerCluster: 0 };
  const there = [row('beijing', 0), row('shanghai', 4)];
  const text = ({ assignments }: Placement) => assignments.map(({ cluster, replicas }) => `${cluster} ${replicas}`);
  const half = decided(running({ policy: pinned }), there, 'change');

  test('of 2 + 2 to one cluster first runs 2 + 4 and says so, and goes on when that has settled', () => {
    expect([text(half), placedOf(half).moving]).toEqual([['beijing 2', 'shanghai 4'], true]);
    expect(half.assignments[0]?.reason).toEqual({ code: 'until_moved', params: { to: 0 } });
    expect(moved(half)).toBeNull();
    const whole = moved({ ...half, settledGeneration: 2 }) as Placement;
    expect([text(whole), whole.generation, whole.moving]).toEqual([['beijing 0', 'shanghai 4'], 3, null]);
    expect(placedOf(whole)).not.toHaveProperty('moving');
  });

  test('reserves the 2 that it leaves until they may go', () => {
    expect(reservationsOf(half).map(({ cluster, pods }) => `${cluster} ${pods}`)).toEqual(['beijing 2', 'shanghai 4']);
  });

  test.each([
    ['a scale up', [row('beijing', 3), row('shanghai', 3)]],
    ['a scale down', [row('beijing', 1), row('shanghai', 1)]],
    ['a stop', [row('beijing', 0), row('shanghai', 0)]],
  ])('is not what %s is: it is had at once', (_, split) => {
    expect(decided(running(), split, 'change')).toMatchObject({ assignments: split, moving: null });
  });

  test('that is called off at its first half is back at once; after it, what moved moves back the same way', () => {
    expect(decided(half, even, 'back')).toMatchObject({ moving: null, assignments: even });
    const whole = moved({ ...half, settledGeneration: 2 }) as Placement;
    expect(text(decided(whole, even, 'back'))).toEqual(['beijing 2', 'shanghai 4']);
  });

  test('keeps nothing in a cluster that is not ready: there it would be waited for without end', () => {
    const rows = [row('beijing', 0), row('shanghai', 4)];
    const isReady = (cluster: string) => cluster !== 'beijing';
    expect(decided(running({ policy: pinned }), rows, 'change', isReady)).toMatchObject({
      assignments: rows,
      moving: null,
    });
  });

  test('goes on through a scale to 2: the 4 that may not be ready yet let nothing go', () => {
    const scaled = decided({ ...half, total: 2 }, [row('beijing', 0), row('shanghai', 2)], 'change');
    expect([text(scaled), scaled.moving?.generation]).toEqual([['beijing 2', 'shanghai 4'], 3]);
  });

  test('stops at once', () => {
    expect(decided(half, [row('beijing', 0), row('shanghai', 0)], 'change').moving).toBeNull();
  });

  test('goes on through an upgrade of the same size and after one that is dropped; one that needs more goes at once', () => {
    const asked = (size: typeof small) => expectPlacement(asAsked(half, { key, uid, specVersion: 2, size }));
    const same = decided(asked(small), there, 'candidate');
    expect([text(same), same.moving?.generation]).toEqual([['beijing 2', 'shanghai 4'], 3]);
    const larger = decided(asked(big), there, 'candidate');
    expect([text(larger), larger.moving]).toEqual([['beijing 0', 'shanghai 4'], null]);
    const dropped = withoutSpec(larger, 2) as Placement;
    expect([text(dropped), dropped.moving]).toEqual([['beijing 2', 'shanghai 4'], { generation: 4, to: there }]);
  });

  test('to a cluster that is readmitted goes on under its epoch 2', () => {
    const renewed = withEpoch(half, 'shanghai', 2);
    expect(renewed?.moving).toMatchObject({ generation: 3, to: [{ epoch: 1 }, { cluster: 'shanghai', epoch: 2 }] });
  });
});
