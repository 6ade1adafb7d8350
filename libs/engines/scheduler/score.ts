import type { Candidate } from './filter.js';

/** Share of the cluster, 0 to 1, that is free beside `replicas` of the workload, in its scarcer resource. */
export function freeShare({ cluster, free, request }: Candidate, replicas: number): number {
  const share = (total: number, room: number) => (total > 0 ? Math.max(0, room) / total : 0);
  return Math.min(
    share(cluster.allocatable.cpuMillis, free.cpuMillis - replicas * request.cpuMillis),
    share(cluster.allocatable.memoryMiB, free.memoryMiB - replicas * request.memoryMiB),
  );
}
