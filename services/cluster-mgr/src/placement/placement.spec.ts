import type { Assignment } from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import {
  asAsked,
  decided,
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
  };
  return { key, uid, generation: 1, assignments: even, ...rest, ...change };
}
function expectPlacement(asked: ReturnType<typeof asAsked>): Placement {
  if (typeof asked === 'string') throw new TypeError(`expected a placement, got ${asked}`);
  return asked;
}
function upgrading(assignments = even): Placement {
  return decided(expectPlacement(asAsked(running(), { key, uid, specVersion: 2, size: big })), assignments, true);
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
    const scaled = decided({ ...upgrading(), total: 6 }, [row('beijing', 3), row('shanghai', 3)], false);
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
