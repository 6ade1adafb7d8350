import { expect, test } from '@jest/globals';
import type { Cluster } from '../cluster/cluster.js';
import { previewOf } from './preview.js';
import { split, type Room, type Wish } from './room.js';

const none = { cpuMillis: 0, memoryMiB: 0, pods: 0 };

function aRoom(name: string): Room {
  const capacity = { cpuMillis: 4000, memoryMiB: 8192, pods: 100 };
  const cluster = { name, displayName: name, phase: 'ready', epoch: 1, site: 'north' } as Cluster;
  const seen = { name, epoch: 1, watch: 'live' as const, heardAt: null, detail: null, version: null };
  return { cluster, seen: { ...seen, allocatable: capacity, foreign: none, nodes: [] }, reserved: none };
}

test('one replica over two clusters: the cluster that gets none says so and has no numbers to fill in', () => {
  const rooms = ['beijing', 'shanghai'].map(aRoom);
  const wish: Wish = {
    environment: 'test',
    size: { cpuMillis: 100, memoryMiB: 64 },
    replicas: 1,
    policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
    allowed: null,
    current: { shanghai: 1 },
  };
  expect(previewOf(wish, rooms, split(wish, rooms)).clusters).toMatchObject([
    { cluster: 'beijing', replicas: 0, reason: { code: 'not_needed' } },
    { cluster: 'shanghai', replicas: 1, reason: { code: 'even_share' } },
  ]);
});
