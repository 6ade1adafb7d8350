import type { Container, ServiceDetail } from '@berth/api';

/** Why a replica that should be there has no container. */
export type MissingReason = 'cluster_silent' | 'no_placement' | 'being_made';

export type MatrixCell =
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'missing'; readonly reason: MissingReason; readonly index: number };

export interface MatrixRow {
  readonly cluster: string;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly fresh: boolean;
  /** Why this cluster has this many, as the placement said it. */
  readonly reason: string | null;
  readonly cells: readonly MatrixCell[];
}

const leaving: readonly Container['state'][] = ['terminating', 'ended'];

/** Cluster × container. Every replica that is wanted has a cell: its container, or why there is none. */
export function matrixOf(
  service: Pick<ServiceDetail, 'clusters' | 'placement'>,
  containers: readonly Container[],
): MatrixRow[] {
  const assigned = new Map(service.placement?.assignments.map((row) => [row.cluster, row]));
  const names = [
    ...new Set([
      ...service.clusters.map((row) => row.cluster),
      ...assigned.keys(),
      ...containers.map((row) => row.cluster),
    ]),
  ].sort();
  return names.map((cluster) => {
    const counts = service.clusters.find((row) => row.cluster === cluster);
    const desired = counts?.desired ?? assigned.get(cluster)?.replicas ?? 0;
    const own = containers.filter((row) => row.cluster === cluster).sort(byAge);
    const staying = own.filter((row) => !leaving.includes(row.state)).length;
    const fresh = counts?.fresh ?? true;
    const reason: MissingReason = !fresh ? 'cluster_silent' : service.placement ? 'being_made' : 'no_placement';
    const missing = Array.from(
      { length: Math.max(0, desired - staying) },
      (_, index) => ({ kind: 'missing', reason, index }) as const,
    );
    return {
      cluster,
      desired,
      ready: counts?.ready ?? 0,
      updated: counts?.updated ?? 0,
      fresh,
      reason: assigned.get(cluster)?.reason ?? null,
      cells: [...own.map((container) => ({ kind: 'container', container }) as const), ...missing],
    };
  });
}

const byAge = (a: Container, b: Container) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name);
