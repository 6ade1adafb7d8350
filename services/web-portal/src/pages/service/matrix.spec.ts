import type { Container } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { matrixOf } from './matrix.js';

const container = (name: string, state: Container['state'] = 'running'): Container => ({
  uid: name,
  name,
  cluster: 'beijing',
  state,
  detail: null,
  ready: state === 'running',
  restarts: 0,
  release: 1,
  image: null,
  node: null,
  ip: null,
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  endedAt: null,
  exitCode: null,
  lastEnd: null,
});
const counts = (cluster: string, desired: number, fresh = true) => ({ cluster, desired, ready: 0, updated: 0, fresh });

describe('the replica matrix', () => {
  test('3 wanted and 1 container give 1 cell and 2 missing ones that are being made', () => {
    const placement = {
      generation: 1,
      total: 3,
      stopped: false,
      policy: { mode: 'spread' as const, clusters: [], minPerCluster: 0 },
      assignments: [],
    };
    const [row] = matrixOf({ clusters: [counts('beijing', 3)], placement }, [container('a')]);
    expect(row?.cells.map((cell) => (cell.kind === 'missing' ? cell.reason : cell.container.name))).toEqual([
      'a',
      'being_made',
      'being_made',
    ]);
  });

  test('a container that leaves does not stand in for one that is wanted', () => {
    const [row] = matrixOf({ clusters: [counts('beijing', 1)], placement: null }, [container('a', 'terminating')]);
    expect(row?.cells).toHaveLength(2);
  });

  test('in a silent cluster the missing cell says so', () => {
    const [row] = matrixOf({ clusters: [counts('beijing', 1, false)], placement: null }, []);
    expect(row?.cells).toEqual([{ kind: 'missing', reason: 'cluster_silent', index: 0 }]);
  });

  test('2 clusters are in the order of their names', () => {
    const rows = matrixOf({ clusters: [counts('shanghai', 0), counts('beijing', 0)], placement: null }, []);
    expect(rows.map((row) => row.cluster)).toEqual(['beijing', 'shanghai']);
  });
});
