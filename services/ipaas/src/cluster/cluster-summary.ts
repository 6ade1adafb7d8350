import type { SlimNode, SlimPod } from '@berth/clients/kubernetes';
import type { ObservedCluster } from '@berth/contracts';

type Resources = NonNullable<ObservedCluster['allocatable']>;

export interface ClusterFacts {
  readonly nodes: Iterable<SlimNode>;
  readonly pods: Iterable<SlimPod>;
  readonly isOurs: (pod: SlimPod) => boolean;
}

export type ClusterSummary = Required<Pick<ObservedCluster, 'allocatable' | 'foreign' | 'nodes'>>;

const nothing: Resources = { cpuMillis: 0, memoryMiB: 0, pods: 0 };

/** Room that may be placed on, what others take of it, and each node; nodes by name. */
export function summarise({ nodes, pods, isOurs }: ClusterFacts): ClusterSummary {
  const requestedOn = new Map<string, Resources>();
  const foreignOn = new Map<string, Resources>();
  for (const pod of pods) {
    if (!pod.node || pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    const taken = { ...pod.requests, pods: 1 };
    requestedOn.set(pod.node, sum(requestedOn.get(pod.node) ?? nothing, taken));
    if (!isOurs(pod)) foreignOn.set(pod.node, sum(foreignOn.get(pod.node) ?? nothing, taken));
  }
  const rows = [...nodes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, ready, unschedulable, allocatable, bootId }) => ({
      name,
      ready,
      schedulable: !unschedulable,
      allocatable,
      requested: requestedOn.get(name) ?? nothing,
      ...(bootId && { machine: bootId }),
    }));
  const usable = rows.filter((node) => node.ready && node.schedulable);
  return {
    nodes: rows,
    allocatable: usable.map((node) => node.allocatable).reduce(sum, nothing),
    // Only where there is room to take from: a node that is out of use offers nothing and costs nothing.
    foreign: usable.map((node) => foreignOn.get(node.name) ?? nothing).reduce(sum, nothing),
  };
}

function sum(a: Resources, b: Resources): Resources {
  return { cpuMillis: a.cpuMillis + b.cpuMillis, memoryMiB: a.memoryMiB + b.memoryMiB, pods: a.pods + b.pods };
}

const contentEveryMs = 1_000;
const heartbeatEveryMs = 5_000;

/** What was last said about a cluster, and when. */
export interface LastSaid {
  readonly content: string;
  readonly atMs: number;
}

/** Whether to speak now: at most once a second when something changed, and every 5 s while live, so that silence means something. */
export function isWorthSaying(
  last: LastSaid | null,
  content: string,
  watch: ObservedCluster['watch'],
  nowMs: number,
): boolean {
  if (!last) return true;
  const sinceMs = nowMs - last.atMs;
  if (last.content !== content) return sinceMs >= contentEveryMs;
  return watch === 'live' && sinceMs >= heartbeatEveryMs;
}
