import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitsInto, freeIn, requestOf } from './capacity.js';
import { place } from './place.js';
import type { CandidateCluster, Placement, PlacementPolicy, Workload } from './scheduler.js';

const names = ['beijing', 'shanghai', 'shenzhen', 'chengdu'];
const capacity = (cpu: number, memory: number, pods: number) =>
  fc.record({
    cpuMillis: fc.integer({ min: 0, max: cpu }),
    memoryMiB: fc.integer({ min: 0, max: memory }),
    pods: fc.integer({ min: 0, max: pods }),
  });

const clusterNamed = (name: string): fc.Arbitrary<CandidateCluster> =>
  fc.record({
    name: fc.constant(name),
    phase: fc.constantFrom('ready', 'ready', 'ready', 'suspect', 'dead', 'quarantined', 'joining'),
    eligible: fc.constantFrom(true, true, true, false),
    allocatable: capacity(32_000, 65_536, 60),
    reserved: capacity(8_000, 16_384, 10),
    foreign: capacity(8_000, 16_384, 10),
  });

const clusters = fc
  .subarray(names, { minLength: 1 })
  .chain((chosen) => fc.tuple(...chosen.map((name) => clusterNamed(name))))
  .map((rows): CandidateCluster[] => rows);

const workloads: fc.Arbitrary<Workload> = fc.record({
  size: fc.record({ cpuMillis: fc.integer({ min: 50, max: 8000 }), memoryMiB: fc.integer({ min: 32, max: 16_384 }) }),
  requestRatio: fc.constantFrom(0.1, 0.25, 0.5, 1),
  replicas: fc.integer({ min: 0, max: 30 }),
  current: fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 12 })),
});

const policies: fc.Arbitrary<PlacementPolicy> = fc.oneof(
  fc.record({ mode: fc.constant('spread' as const), minPerCluster: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ mode: fc.constant('pinned' as const), clusters: fc.subarray(names) }),
);

function counts(placement: Placement): Map<string, number> {
  return new Map(placement.kind === 'placed' ? placement.assignments.map((a) => [a.cluster, a.replicas]) : []);
}

function check(property: (workload: Workload, rows: CandidateCluster[], policy: PlacementPolicy) => void) {
  fc.assert(fc.property(workloads, clusters, policies, property), { numRuns: 2000 });
}

describe('for 2000 random workloads', () => {
  test('the sum of a placement equals the replicas that were asked', () => {
    check((workload, rows, policy) => {
      const placement = place(workload, rows, policy);
      fc.pre(placement.kind === 'placed');
      expect([...counts(placement).values()].reduce((sum, n) => sum + n, 0)).toBe(workload.replicas);
    });
  });

  test('a ready cluster never gets more than fits, and one that is not ready never more than it has', () => {
    check((workload, rows, policy) => {
      const placed = counts(place(workload, rows, policy));
      for (const row of rows) {
        const current = workload.current[row.name] ?? 0;
        const fits = fitsInto(freeIn(row), requestOf(workload.size, workload.requestRatio));
        expect(placed.get(row.name) ?? 0).toBeLessThanOrEqual(row.phase === 'ready' ? fits : current);
        if (!row.eligible) expect(placed.get(row.name) ?? 0).toBe(0);
      }
    });
  });

  test('the order of the clusters changes nothing', () => {
    check((workload, rows, policy) => {
      expect(place(workload, [...rows].reverse(), policy)).toEqual(place(workload, rows, policy));
    });
  });

  test('a larger total takes no replica from a cluster that may keep it', () => {
    check((workload, rows) => {
      const first = place(workload, rows, { mode: 'spread' });
      fc.pre(first.kind === 'placed');
      const current = Object.fromEntries(counts(first));
      const more = place({ ...workload, current, replicas: workload.replicas + 3 }, rows, { mode: 'spread' });
      fc.pre(more.kind === 'placed');
      for (const [name, replicas] of counts(more)) expect(replicas).toBeGreaterThanOrEqual(current[name] ?? 0);
    });
  });

  test('placing a placement again changes no number', () => {
    check((workload, rows, policy) => {
      const first = place(workload, rows, policy);
      fc.pre(first.kind === 'placed');
      const current = Object.fromEntries(counts(first));
      const again = counts(place({ ...workload, current }, rows, policy));
      for (const [name, replicas] of Object.entries(current)) expect(again.get(name) ?? 0).toBe(replicas);
    });
  });

  test('a spread without a minimum is refused only when all clusters together hold less than was asked', () => {
    check((workload, rows) => {
      const placement = place(workload, rows, { mode: 'spread' });
      const request = requestOf(workload.size, workload.requestRatio);
      const room = rows
        .filter((row) => row.eligible)
        .map((row) => (row.phase === 'ready' ? fitsInto(freeIn(row), request) : (workload.current[row.name] ?? 0)))
        .reduce((sum, n) => sum + n, 0);
      expect(placement.kind).toBe(room < workload.replicas ? 'unplaceable' : 'placed');
    });
  });
});
