import { describe, expect, test } from '@jest/globals';
import { place } from './place.js';
import type { CandidateCluster, Placement, PlacementPolicy, Workload } from './scheduler.js';

const none = { cpuMillis: 0, memoryMiB: 0, pods: 0 };

/** 8 cores, 16 GiB, 110 pods, empty. */
function cluster(name: string, over: Partial<CandidateCluster> = {}): CandidateCluster {
  const allocatable = { cpuMillis: 8000, memoryMiB: 16_384, pods: 110 };
  return { name, phase: 'ready', eligible: true, allocatable, reserved: none, foreign: none, ...over };
}

function workload(replicas: number, current: Record<string, number> = {}, over: Partial<Workload> = {}): Workload {
  return { size: { cpuMillis: 1000, memoryMiB: 1024 }, requestRatio: 1, replicas, current, ...over };
}

const spread: PlacementPolicy = { mode: 'spread' };
const bothEmpty = [cluster('beijing'), cluster('shanghai')];

function counts(placement: Placement): Record<string, number> {
  if (placement.kind === 'unplaceable') throw new Error(`unplaceable: ${JSON.stringify(placement.reasons)}`);
  return Object.fromEntries(placement.assignments.map((a) => [a.cluster, a.replicas]));
}

function reasons(placement: Placement) {
  return placement.kind === 'unplaceable' ? placement.reasons : [];
}

describe('a split that is asked for anew', () => {
  const anew = (current: Record<string, number>, over: Partial<CandidateCluster> = {}) =>
    counts(
      place(workload(4, current, { anew: true }), [cluster('beijing'), cluster('shanghai', over)], { mode: 'spread' }),
    );

  test('spreads 4 + 0 to 2 + 2, which nothing but a new policy does', () => {
    expect(anew({ beijing: 4 })).toEqual({ beijing: 2, shanghai: 2 });
    expect(counts(place(workload(4, { beijing: 4 }), bothEmpty, spread))).toEqual({ beijing: 4 });
  });

  test('leaves the odd one of 5 where it is, and the 3 of a cluster that is silent', () => {
    const five = workload(5, { beijing: 2, shanghai: 3 }, { anew: true });
    expect(counts(place(five, bothEmpty, spread))).toEqual({ beijing: 2, shanghai: 3 });
    expect(anew({ beijing: 1, shanghai: 3 }, { phase: 'suspect' })).toEqual({ beijing: 1, shanghai: 3 });
  });
});

describe('an even spread', () => {
  test.each([
    [1, { beijing: 1 }],
    [2, { beijing: 1, shanghai: 1 }],
    [4, { beijing: 2, shanghai: 2 }],
    [5, { beijing: 3, shanghai: 2 }],
  ])('of %i replicas over 2 equal clusters is %j', (replicas, expected) => {
    expect(counts(place(workload(replicas), bothEmpty, spread))).toEqual(expected);
  });

  test('of 5 replicas gives the odd one to the freer cluster', () => {
    const busy = cluster('beijing', { foreign: { cpuMillis: 2000, memoryMiB: 1024, pods: 3 } });
    expect(counts(place(workload(5), [busy, cluster('shanghai')], spread))).toEqual({ beijing: 2, shanghai: 3 });
  });

  test('of 6 replicas puts 5 on the second cluster when only 1 fits on the first, and says so', () => {
    const full = cluster('beijing', { reserved: { cpuMillis: 6500, memoryMiB: 0, pods: 7 } });
    const placed = place(workload(6), [full, cluster('shanghai')], spread);
    expect(counts(placed)).toEqual({ beijing: 1, shanghai: 5 });
    expect(placed).toMatchObject({
      assignments: [
        { reason: { code: 'at_capacity', params: { from: 0, fits: 1, freePercent: 6 } } },
        { reason: { code: 'takes_overflow', params: { from: 0, fits: 8, freePercent: 37 } } },
      ],
    });
  });

  test('counts the request, so 4 replicas of 4 cores at a ratio of 0.25 fit into 2 clusters of 2 cores', () => {
    const small = { allocatable: { cpuMillis: 2000, memoryMiB: 16_384, pods: 110 } };
    const big = workload(4, {}, { size: { cpuMillis: 4000, memoryMiB: 1024 }, requestRatio: 0.25 });
    expect(counts(place(big, [cluster('beijing', small), cluster('shanghai', small)], spread))).toEqual({
      beijing: 2,
      shanghai: 2,
    });
  });

  test('of 0 replicas stops the service on both clusters, even on a dead one', () => {
    const placed = place(
      workload(0, { beijing: 2, shanghai: 2 }),
      [cluster('beijing', { phase: 'dead' }), cluster('shanghai')],
      {
        mode: 'spread',
        minPerCluster: 1,
      },
    );
    expect(counts(placed)).toEqual({ beijing: 0, shanghai: 0 });
    expect(placed).toMatchObject({ assignments: [{ reason: { code: 'stopped' } }, { reason: { code: 'stopped' } }] });
  });
});

describe('what runs stays where it is', () => {
  test('an upgrade with 4 replicas on 1 cluster moves none to the second', () => {
    const placed = place(workload(4, { beijing: 4 }), bothEmpty, spread);
    expect(counts(placed)).toEqual({ beijing: 4 });
    expect(placed).toMatchObject({ assignments: [{ reason: { code: 'kept' } }] });
  });

  test('4 to 6 replicas fills the emptier cluster: 4+0 becomes 4+2', () => {
    expect(counts(place(workload(6, { beijing: 4 }), bothEmpty, spread))).toEqual({ beijing: 4, shanghai: 2 });
  });

  test('6 to 4 replicas takes from the cluster that has most: 5+1 becomes 3+1', () => {
    expect(counts(place(workload(4, { beijing: 5, shanghai: 1 }), bothEmpty, spread))).toEqual({
      beijing: 3,
      shanghai: 1,
    });
  });

  test('4 to 3 replicas takes from the fuller of 2 equal rows', () => {
    const busy = cluster('beijing', { foreign: { cpuMillis: 3000, memoryMiB: 0, pods: 1 } });
    const placed = place(workload(3, { beijing: 2, shanghai: 2 }), [busy, cluster('shanghai')], spread);
    expect(counts(placed)).toEqual({ beijing: 1, shanghai: 2 });
  });

  test('a size that doubles moves only what no longer fits: 4+0 becomes 2+2', () => {
    const half = cluster('beijing', { foreign: { cpuMillis: 4000, memoryMiB: 0, pods: 1 } });
    const doubled = workload(4, { beijing: 4 }, { size: { cpuMillis: 2000, memoryMiB: 1024 } });
    expect(counts(place(doubled, [half, cluster('shanghai')], spread))).toEqual({ beijing: 2, shanghai: 2 });
  });

  test('replicas on a cluster that is no longer registered are placed again', () => {
    expect(counts(place(workload(2, { shenzhen: 2 }), bothEmpty, spread))).toEqual({ beijing: 1, shanghai: 1 });
  });
});

describe('a cluster that is not ready', () => {
  test.each(['suspect', 'dead', 'quarantined'] as const)(
    '%s keeps its 2 replicas and gets none of 2 new ones',
    (phase) => {
      const placed = place(
        workload(6, { beijing: 2, shanghai: 2 }),
        [cluster('beijing', { phase }), cluster('shanghai')],
        spread,
      );
      expect(counts(placed)).toEqual({ beijing: 2, shanghai: 4 });
      expect(placed).toMatchObject({ assignments: [{ reason: { code: 'kept' } }, {}] });
    },
  );

  test('joining gets none of 2 replicas', () => {
    const placed = place(workload(2), [cluster('beijing', { phase: 'joining' }), cluster('shanghai')], spread);
    expect(counts(placed)).toEqual({ shanghai: 2 });
  });

  test('gives up its replica first: 2 to 1 replicas keeps the one that serves', () => {
    const placed = place(
      workload(1, { beijing: 1, shanghai: 1 }),
      [cluster('beijing'), cluster('shanghai', { phase: 'dead' })],
      spread,
    );
    expect(counts(placed)).toEqual({ beijing: 1, shanghai: 0 });
  });

  test('makes 2 replicas unplaceable when there is no other, and says its phase', () => {
    const placed = place(
      workload(2),
      [cluster('beijing', { phase: 'suspect' }), cluster('shanghai', { eligible: false })],
      spread,
    );
    expect(reasons(placed)).toEqual([
      { cluster: 'beijing', code: 'not_ready', params: { phase: 'suspect' } },
      { cluster: 'shanghai', code: 'not_eligible', params: {} },
    ]);
  });
});

describe('a pin', () => {
  const toShanghai: PlacementPolicy = { mode: 'pinned', clusters: ['shanghai'] };

  test('to 1 of 2 clusters puts all 3 replicas there', () => {
    const placed = place(workload(3), bothEmpty, toShanghai);
    expect(counts(placed)).toEqual({ shanghai: 3 });
    expect(placed).toMatchObject({ assignments: [{ reason: { code: 'pinned' } }] });
  });

  test('that is new moves 2 replicas away from the other cluster, even when that is dead', () => {
    const placed = place(
      workload(2, { beijing: 2 }),
      [cluster('beijing', { phase: 'dead' }), cluster('shanghai')],
      toShanghai,
    );
    expect(counts(placed)).toEqual({ beijing: 0, shanghai: 2 });
    expect(placed).toMatchObject({ assignments: [{ reason: { code: 'leaves' } }, {}] });
  });

  test('to a full and an unknown cluster names both, and the one that was not chosen', () => {
    const full = cluster('shanghai', { foreign: { cpuMillis: 7600, memoryMiB: 0, pods: 1 } });
    const placed = place(workload(1), [cluster('beijing'), full], { mode: 'pinned', clusters: ['shanghai', 'moon'] });
    expect(reasons(placed)).toEqual([
      { cluster: 'beijing', code: 'not_chosen', params: {} },
      { cluster: 'shanghai', code: 'too_little_cpu', params: { asked: 1000, free: 400, fits: 0 } },
      { cluster: 'moon', code: 'unknown_cluster', params: {} },
    ]);
  });

  test('without a list of clusters chooses none', () => {
    expect(reasons(place(workload(1), [cluster('beijing')], { mode: 'pinned' }))).toEqual([
      { cluster: 'beijing', code: 'not_chosen', params: {} },
    ]);
  });
});

describe('what does not fit', () => {
  test('64 cores on 2 clusters of 8 names the CPU of both', () => {
    const huge = workload(1, {}, { size: { cpuMillis: 64_000, memoryMiB: 1024 } });
    expect(reasons(place(huge, bothEmpty, spread))).toEqual([
      { cluster: 'beijing', code: 'too_little_cpu', params: { asked: 64_000, free: 8000, fits: 0 } },
      { cluster: 'shanghai', code: 'too_little_cpu', params: { asked: 64_000, free: 8000, fits: 0 } },
    ]);
  });

  test('a 4th replica of 5000 MiB names the 1384 MiB that are left beside the 3 that fit', () => {
    const placed = place(workload(4, {}, { size: { cpuMillis: 100, memoryMiB: 5000 } }), [cluster('beijing')], spread);
    expect(reasons(placed)).toEqual([
      { cluster: 'beijing', code: 'too_little_memory', params: { asked: 5000, free: 1384, fits: 3 } },
    ]);
  });

  test('a cluster at 110 pods has no room for 1 more', () => {
    const crowded = cluster('beijing', { foreign: { cpuMillis: 0, memoryMiB: 0, pods: 110 } });
    expect(reasons(place(workload(1), [crowded], spread))).toEqual([
      { cluster: 'beijing', code: 'too_few_pods', params: { asked: 1, free: 0, fits: 0 } },
    ]);
  });

  test('1000 m fit into the cluster but not on a node with 600 m free', () => {
    const scattered = cluster('beijing', { largestFreeNode: { cpuMillis: 600, memoryMiB: 4096 } });
    expect(reasons(place(workload(1), [scattered], spread))).toEqual([
      { cluster: 'beijing', code: 'no_node_fits', params: { asked: 1000, free: 600, fits: 0, resource: 'cpu' } },
    ]);
  });

  test('2 replicas that run on full nodes stay there, with a warning that an upgrade has to wait', () => {
    const scattered = cluster('beijing', { largestFreeNode: { cpuMillis: 600, memoryMiB: 4096 } });
    const placed = place(workload(2, { beijing: 2 }), [scattered], spread);
    expect(counts(placed)).toEqual({ beijing: 2 });
    expect(placed).toMatchObject({
      warnings: [
        { cluster: 'beijing', code: 'no_room_for_surge', params: { asked: 1000, free: 600, resource: 'cpu' } },
      ],
    });
  });
});

describe('a minimum for each cluster', () => {
  const atLeast = (minPerCluster: number): PlacementPolicy => ({ mode: 'spread', minPerCluster });

  test('of 1 moves one of 4 replicas: 4+0 becomes 3+1', () => {
    expect(counts(place(workload(4, { beijing: 4 }), bothEmpty, atLeast(1)))).toEqual({ beijing: 3, shanghai: 1 });
  });

  test('of 2 over 2 clusters refuses 3 replicas and names the cluster that would get 1', () => {
    expect(reasons(place(workload(3), bothEmpty, atLeast(2)))).toEqual([
      { cluster: 'shanghai', code: 'below_minimum', params: { asked: 2, free: 1 } },
    ]);
  });

  test('of 2 is refused by a cluster where 1 fits, with the resource that is short', () => {
    const full = cluster('beijing', { reserved: { cpuMillis: 7000, memoryMiB: 0, pods: 7 } });
    expect(reasons(place(workload(4), [full, cluster('shanghai')], atLeast(2)))).toEqual([
      { cluster: 'beijing', code: 'too_little_cpu', params: { asked: 1000, free: 0, fits: 1 } },
      { cluster: 'beijing', code: 'below_minimum', params: { asked: 2, free: 1 } },
    ]);
  });

  test('of 1 does not count for a cluster that is suspect', () => {
    const placed = place(workload(2), [cluster('beijing', { phase: 'suspect' }), cluster('shanghai')], atLeast(1));
    expect(counts(placed)).toEqual({ shanghai: 2 });
  });
});

test('8 replicas that fill a cluster are placed with a warning that the upgrade needs 1000 m and 0 are free', () => {
  expect(place(workload(8), [cluster('beijing')], spread)).toMatchObject({
    kind: 'placed',
    warnings: [{ cluster: 'beijing', code: 'no_room_for_surge', params: { asked: 1000, free: 0, resource: 'cpu' } }],
  });
});
