import type { Cluster as ClusterView } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import type { EnvironmentClusters } from '../placement/environments.js';
import type { Placed, Room } from '../placement/room.js';
import type { ProbeResult } from './health.js';

export interface Beside {
  readonly probe: ProbeResult | null;
  readonly placed: Placed | null;
  readonly environments: readonly EnvironmentName[];
}

/** Environments that may use a cluster. */
export function environmentsOf(cluster: string, allowed: EnvironmentClusters): EnvironmentName[] {
  return environmentNames.filter((name) => allowed[name]?.includes(cluster) ?? true);
}

/** A cluster as the page shows it. */
export function viewOf(room: Room, { probe, placed, environments }: Beside): ClusterView {
  const { cluster, seen, reserved } = room;
  const { name, displayName, site, reach, phase, reason, proof, since, epoch } = cluster;
  const known = seen?.allocatable ? { allocatable: seen.allocatable, foreign: seen.foreign ?? nothing } : null;
  return {
    name,
    displayName,
    site,
    reach,
    phase,
    reason,
    proof: proof ? [...proof] : [],
    since: since.toISOString(),
    epoch,
    version: seen?.version ?? null,
    watch: seen?.watch ?? 'connecting',
    heardAt: seen?.heardAt?.toISOString() ?? null,
    probe: probe && { at: probe.at.toISOString(), kind: probe.kind, latencyMs: probe.latencyMs },
    capacity: known && { ...known, reserved, limits: placed?.limits ?? { cpuMillis: 0, memoryMiB: 0 } },
    nodes: seen?.nodes ?? [],
    services: placed?.services ?? 0,
    environments: [...environments],
  };
}

const nothing = { cpuMillis: 0, memoryMiB: 0, pods: 0 };
