import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cluster } from '../cluster/cluster.js';
import { changed, type Change } from './change.js';
import {
  asAsked,
  decided,
  moved,
  placedOf,
  reservationsOf,
  settled,
  withoutSpec,
  type Decided,
  type Placement,
} from './placement.js';
import { assignmentsOf, split, wishOf, type Room } from './room.js';

const capacity = { cpuMillis: 10_000, memoryMiB: 10_240, pods: 30 };
const none = { cpuMillis: 0, memoryMiB: 0, pods: 0 };
const names = ['beijing', 'shanghai', 'wuhan'];
const keys = ['shop/prod/cart', 'shop/prod/pay', 'shop/staging/cart', 'bank/dev/api'];
const policy = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };

/** The tables, and the steps of the service on them without the database. */
class Model {
  readonly placements = new Map<string, Placement>();
  private uids = 0;

  step(command: Command): void {
    const { key } = command;
    const existing = this.placements.get(key) ?? null;
    switch (command.do) {
      case 'place': {
        const uid = existing?.uid ?? `uid-${(this.uids += 1)}`;
        const specVersion = (existing?.candidate?.specVersion ?? existing?.live.specVersion ?? 0) + 1;
        const asked = asAsked(existing, {
          key,
          uid,
          specVersion,
          size: command.size,
          initial: { replicas: command.replicas, policy },
        });
        return typeof asked === 'string' ? undefined : this.decide(asked, 'candidate');
      }
      case 'change': {
        const wanted = existing && changed(existing, command.change);
        return wanted && !('problem' in wanted)
          ? this.decide(wanted, 'change', command.change.kind === 'service.split')
          : undefined;
      }
      case 'drop':
        return this.keep(existing && withoutSpec(existing, existing.candidate?.specVersion ?? 0));
      case 'settle': {
        if (!existing) return undefined;
        const { specVersion, size } = existing.candidate ?? existing.live;
        const settledGeneration = existing.generation;
        const now = settled({ ...existing, settledGeneration }, { specVersion, size, settledGeneration });
        return this.keep(moved(now) ?? now);
      }
      case 'forget':
        this.placements.delete(key);
    }
  }

  /** Rooms as the store counts them: without what `except` has. */
  rooms(except?: string): Room[] {
    return names.map((name) => {
      const rows = [...this.placements.values()]
        .filter(({ key }) => key !== except)
        .flatMap(reservationsOf)
        .filter(({ cluster }) => cluster === name);
      const sum = (of: 'cpuMillis' | 'memoryMiB' | 'pods') => rows.reduce((total, row) => total + row[of], 0);
      const reserved = { cpuMillis: sum('cpuMillis'), memoryMiB: sum('memoryMiB'), pods: sum('pods') };
      const cluster = { name, phase: 'ready', epoch: 1, site: 'north' } as Cluster;
      const seen = { name, epoch: 1, watch: 'live' as const, heardAt: null, detail: null, version: null };
      return { cluster, seen: { ...seen, allocatable: capacity, foreign: none, nodes: [] }, reserved };
    });
  }

  private decide(wanted: Placement, by: Decided, anew = false): void {
    const rooms = this.rooms(wanted.key);
    const result = split(wishOf(wanted, by === 'candidate', {}, anew), rooms);
    if (result.kind === 'placed') this.keep(decided(wanted, assignmentsOf(result, rooms), by));
  }

  private keep(placement: Placement | null): void {
    if (placement) this.placements.set(placement.key, placement);
  }
}

type Command = { key: string } & (
  | { do: 'place'; size: { cpuMillis: number; memoryMiB: number }; replicas: number }
  | { do: 'change'; change: Change }
  | { do: 'drop' | 'settle' | 'forget' }
);

const key = fc.constantFrom(...keys);
const size = fc.record({
  cpuMillis: fc.constantFrom(250, 1_000, 2_000, 4_000),
  memoryMiB: fc.constantFrom(256, 1_024, 4_096),
});
const replicas = fc.integer({ min: 1, max: 12 });
const policies = fc.record({
  mode: fc.constantFrom('spread' as const, 'pinned' as const),
  clusters: fc.subarray(names),
  minPerCluster: fc.constantFrom(0, 0, 1, 2),
});
const splitting = policies.map((wanted) => ({ kind: 'service.split' as const, policy: wanted }));
const change: fc.Arbitrary<Change> = fc.oneof(
  splitting,
  replicas.map((count) => ({ kind: 'service.scale' as const, replicas: count })),
  fc.constantFrom({ kind: 'service.start' as const }, { kind: 'service.stop' as const }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('place' as const), key, size, replicas }),
  fc.record({ do: fc.constant('change' as const), key, change }),
  fc.record({ do: fc.constantFrom('drop' as const, 'settle' as const, 'forget' as const), key }),
);

describe('after any 60 commands on 4 services and 3 clusters', () => {
  const commands = fc.array(command, { maxLength: 60 });

  test('no cluster has more reserved than it has', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const model = new Model();
        for (const one of list) {
          model.step(one);
          for (const { cluster, reserved } of model.rooms()) {
            const over = (['cpuMillis', 'memoryMiB', 'pods'] as const).filter((of) => reserved[of] > capacity[of]);
            expect([cluster.name, over]).toEqual([cluster.name, []]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every placement adds up to its total, or to 0 while stopped, and its generation never falls', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const model = new Model();
        for (const one of list) {
          const before = model.placements.get(one.key);
          model.step(one);
          const after = model.placements.get(one.key);
          if (!after) continue;
          const { total, stopped, assignments } = placedOf(after);
          expect((after.moving?.to ?? assignments).reduce((sum, row) => sum + row.replicas, 0)).toBe(
            stopped ? 0 : total,
          );
          if (before?.uid !== after.uid) continue;
          expect(after.generation).toBeGreaterThanOrEqual(before.generation);
          if (JSON.stringify(before.assignments) !== JSON.stringify(after.assignments))
            expect(after.generation).toBeGreaterThan(before.generation);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a service that is only split anew never has fewer ready replicas than its total, wherever it moves', () => {
    const moves = fc.array(fc.oneof(splitting, fc.constant('settle' as const)), { maxLength: 30 });
    fc.assert(
      fc.property(replicas, moves, (total, list) => {
        const model = new Model();
        const [one] = keys as [string];
        model.step({ do: 'place', key: one, size: { cpuMillis: 250, memoryMiB: 256 }, replicas: total });
        model.step({ do: 'settle', key: one });
        const rows = () => model.placements.get(one)?.assignments ?? [];
        let ready = rows();
        for (const step of list) {
          if (step === 'settle') {
            ready = rows();
            model.step({ do: 'settle', key: one });
          } else model.step({ do: 'change', key: one, change: step });
          const serves = rows().map(({ cluster, replicas: wanted }) =>
            Math.min(wanted, ready.find((row) => row.cluster === cluster)?.replicas ?? 0),
          );
          expect(serves.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(total);
        }
      }),
      { numRuns: 500 },
    );
  });
});
