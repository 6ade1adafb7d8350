import type { Container, ServiceDetail } from '@berth/api';

export type MatrixCell =
  | { readonly kind: 'container'; readonly container: Container }
  | {
      readonly kind: 'missing';
      readonly index: number;
      /** Why a replica that should be there has no container: a code, and the cluster's own words. */
      readonly reason: string;
      readonly detail: string | null;
      readonly since: string | null;
    };

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
  service: Pick<ServiceDetail, 'clusters' | 'placement' | 'missingReplicas'>,
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
    const told = service.missingReplicas
      .filter((row) => row.cluster === cluster)
      .flatMap(({ count, reason, detail, since }) => Array.from({ length: count }, () => ({ reason, detail, since })));
    const otherwise = {
      reason: !fresh ? 'cluster_silent' : service.placement ? 'starting' : 'no_placement',
      detail: null,
      since: null,
    };
    const missing = Array.from(
      { length: Math.max(0, desired - staying) },
      (_, index) => ({ kind: 'missing', index, ...(told[index] ?? otherwise) }) as const,
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
