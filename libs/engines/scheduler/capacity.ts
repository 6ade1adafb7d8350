import type { CandidateCluster, Capacity, Resources } from './scheduler.js';

/** What one replica reserves: size x ratio, rounded up. The pod template must ask for exactly this. */
export function requestOf(size: Resources, requestRatio: number): Resources {
  // 1000 x 0.1 is 100.00000000000001 in floating point: that must stay 100.
  const scaled = (amount: number) => Math.ceil(amount * requestRatio - 1e-6);
  return { cpuMillis: scaled(size.cpuMillis), memoryMiB: scaled(size.memoryMiB) };
}

/** Room for this workload, what it runs now included; never negative. */
export function freeIn({ allocatable, reserved, foreign }: CandidateCluster): Capacity {
  const free = (of: keyof Capacity) => Math.max(0, allocatable[of] - reserved[of] - foreign[of]);
  return { cpuMillis: free('cpuMillis'), memoryMiB: free('memoryMiB'), pods: free('pods') };
}

/** How many replicas fit into `free` as a sum, nodes not looked at. */
export function fitsInto(free: Capacity, request: Resources): number {
  const times = (room: number, one: number) => (one > 0 ? Math.floor(room / one) : Number.MAX_SAFE_INTEGER);
  return Math.min(times(free.cpuMillis, request.cpuMillis), times(free.memoryMiB, request.memoryMiB), free.pods);
}

export interface Shortage {
  readonly resource: 'cpu' | 'memory' | 'pods';
  readonly asked: number;
  readonly free: number;
}

/** Every resource that refuses one more replica beside `replicas` of them. */
export function shortages(free: Capacity, request: Resources, replicas: number): Shortage[] {
  const left: Shortage[] = [
    { resource: 'cpu', asked: request.cpuMillis, free: free.cpuMillis - replicas * request.cpuMillis },
    { resource: 'memory', asked: request.memoryMiB, free: free.memoryMiB - replicas * request.memoryMiB },
    { resource: 'pods', asked: 1, free: free.pods - replicas },
  ];
  return left
    .filter((room) => room.asked > 0 && room.free < room.asked)
    .map((room) => ({ ...room, free: Math.max(0, room.free) }));
}

/** The resource that keeps one replica off the emptiest node, if any. Unknown nodes refuse nothing. */
export function nodeShortage(cluster: CandidateCluster, request: Resources): Shortage | undefined {
  const node = cluster.largestFreeNode;
  return node && shortages({ ...node, pods: 1 }, request, 0)[0];
}
