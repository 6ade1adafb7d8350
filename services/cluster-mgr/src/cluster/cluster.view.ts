import type { Cluster as ClusterView } from '@berth/api';
import type { Room } from '../placement/room.js';
import type { ProbeResult } from './health.js';

/** A cluster as the page shows it. */
export function viewOf(room: Room, probe: ProbeResult | null, services: number): ClusterView {
  const { cluster, seen, reserved } = room;
  const { name, displayName, site, reach, phase, reason, since, epoch } = cluster;
  const known = seen?.allocatable ? { allocatable: seen.allocatable, foreign: seen.foreign ?? nothing } : null;
  return {
    name,
    displayName,
    site,
    reach,
    phase,
    reason,
    since: since.toISOString(),
    epoch,
    version: seen?.version ?? null,
    watch: seen?.watch ?? 'connecting',
    heardAt: seen?.heardAt?.toISOString() ?? null,
    probe: probe && { at: probe.at.toISOString(), kind: probe.kind, latencyMs: probe.latencyMs },
    capacity: known && { ...known, reserved },
    nodes: seen?.nodes ?? [],
    services,
  };
}

const nothing = { cpuMillis: 0, memoryMiB: 0, pods: 0 };
