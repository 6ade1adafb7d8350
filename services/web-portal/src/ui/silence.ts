import type { ServiceListItem } from '@berth/api';

/** Since when the numbers are the last ones heard: of several silent clusters the one that has been so for longest. */
export function silentSince(clusters: ServiceListItem['clusters']): string | null {
  const times = clusters.flatMap(({ fresh, silentSince: since }) => (!fresh && since ? [since] : []));
  return times.sort()[0] ?? null;
}
