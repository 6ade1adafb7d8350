import type { PlacementPreview } from '@berth/api';
import { freeIn, type Placement as Split } from '@berth/engines/scheduler';
import { requestOf } from '@berth/engines/sizing';
import { candidateOf, isAllowed, isChosen, type Room, type Wish } from './room.js';

/** A split for the form: a row for every cluster, with its share or the reason why it has none. */
export function previewOf(wish: Wish, rooms: readonly Room[], result: Split): PlacementPreview {
  return {
    placeable: result.kind === 'placed',
    request: requestOf(wish.size, wish.environment),
    clusters: rooms.map((room) => {
      const { name: cluster, displayName } = room.cluster;
      const free = freeIn(candidateOf(room, wish));
      return {
        cluster,
        displayName,
        ...shareOf(cluster, room, wish, result),
        freeCpuMillis: free.cpuMillis,
        freeMemoryMiB: free.memoryMiB,
      };
    }),
  };
}

type Share = Pick<PlacementPreview['clusters'][number], 'replicas' | 'reason'>;

function shareOf(cluster: string, { cluster: { phase } }: Room, wish: Wish, result: Split): Share {
  if (result.kind === 'placed') {
    const row = result.assignments.find((one) => one.cluster === cluster);
    if (row) return { replicas: row.replicas, reason: { code: row.reason.code, params: { ...row.reason.params } } };
  } else {
    const row = result.reasons.find((one) => one.cluster === cluster);
    if (row) return { replicas: 0, reason: { code: row.code, params: { ...row.params } } };
  }
  if (!isAllowed(cluster, wish)) return { replicas: 0, reason: { code: 'not_eligible' } };
  if (!isChosen(cluster, wish.policy)) return { replicas: 0, reason: { code: 'not_chosen' } };
  if (phase !== 'ready') return { replicas: 0, reason: { code: 'not_ready', params: { phase } } };
  // Fewer replicas than clusters, and others are better.
  return { replicas: 0, reason: { code: 'not_needed' } };
}
