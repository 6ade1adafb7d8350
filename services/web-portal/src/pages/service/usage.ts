import type { ContainerMetrics, Points, ServiceMetrics } from '@berth/api';

export const usageRangeSeconds = 900;

/** The newest value that was measured; null when none was. */
export const latest = (values: Points): number | null => values.findLast((value) => value !== null) ?? null;

/** What each container used lately, by cluster and name. */
export function usageByContainer(metrics: ServiceMetrics | undefined): ReadonlyMap<string, ContainerMetrics> {
  return new Map(metrics?.containers.map((row) => [keyOfContainer(row.cluster, row.container), row]));
}

export const keyOfContainer = (cluster: string, name: string): string => `${cluster}/${name}`;

/** From 90 % of the limit on it is worth a look. */
export const isNearLimit = (value: number | null, limit: number | null | undefined): boolean =>
  value !== null && Boolean(limit) && value >= 0.9 * Number(limit);
