import type { Container } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { matrixOf } from './matrix.js';

const container = (name: string, state: Container['state'] = 'running'): Container => ({
  uid: name,
  name,
  cluster: 'beijing',
  state,
  detail: null,
  lastHeard: null,
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
    const [row] = matrixOf({ clusters: [counts('beijing', 3)], placement, missingReplicas: [] }, [container('a')]);
    expect(row?.cells.map((cell) => (cell.kind === 'missing' ? cell.reason : cell.container.name))).toEqual([
      'a',
      'starting',
      'starting',
    ]);
  });

  test('a container that leaves does not stand in for one that is wanted', () => {
    const [row] = matrixOf({ clusters: [counts('beijing', 1)], placement: null, missingReplicas: [] }, [
      container('a', 'terminating'),
    ]);
    expect(row?.cells).toHaveLength(2);
  });

  test('in a silent cluster the missing cell says so', () => {
    const [row] = matrixOf({ clusters: [counts('beijing', 1, false)], placement: null, missingReplicas: [] }, []);
    expect(row?.cells).toMatchObject([{ kind: 'missing', reason: 'cluster_silent', index: 0 }]);
  });

  test('of 2 missing ones each has the reason that the platform found, with its words; other clusters are not meant', () => {
    const told = (cluster: string, reason: string) => ({
      cluster,
      count: 1,
      reason,
      detail: 'Insufficient cpu',
      since: null,
    });
    const missingReplicas = [told('shanghai', 'paused'), told('beijing', 'no_capacity')];
    const [row] = matrixOf({ clusters: [counts('beijing', 2)], placement: null, missingReplicas }, []);
    expect(row?.cells.map((cell) => cell.kind === 'missing' && [cell.reason, cell.detail])).toEqual([
      ['no_capacity', 'Insufficient cpu'],
      ['no_placement', null],
    ]);
  });

  test('2 clusters are in the order of their names', () => {
    const rows = matrixOf(
      { clusters: [counts('shanghai', 0), counts('beijing', 0)], placement: null, missingReplicas: [] },
      [],
    );
    expect(rows.map((row) => row.cluster)).toEqual(['beijing', 'shanghai']);
  });
});
