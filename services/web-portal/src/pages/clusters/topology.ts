import type { Cluster, NodeUsage, Topology } from '@berth/api';

type Container = Topology['containers'][number];

/** A node as the page draws it; `name` is null for containers that have none yet. */
export interface DrawnNode {
  readonly name: string | null;
  readonly facts: Cluster['nodes'][number] | null;
  readonly usage: NodeUsage | null;
  readonly containers: readonly Container[];
}
export interface DrawnCluster {
  readonly name: string;
  readonly displayName: string;
  readonly phase: Cluster['phase'] | null;
  readonly nodes: readonly DrawnNode[];
  readonly count: number;
}
export interface DrawnSite {
  readonly site: string;
  readonly clusters: readonly DrawnCluster[];
}

/** Sites with their clusters, nodes and containers; nodes without containers are drawn too, because there is room. */
export function sitesOf(topology: Topology, clusters: readonly Cluster[], usage: readonly NodeUsage[]): DrawnSite[] {
  const names = [...new Set([...clusters.map(({ name }) => name), ...topology.containers.map((row) => row.cluster)])];
  const byNode = Map.groupBy(topology.containers, ({ cluster, node }) => `${cluster}/${node ?? ''}`);
  const used = new Map(usage.map((row) => [`${row.cluster}/${row.node}`, row]));
  const drawn = names.sort().map((name) => {
    const known = clusters.find((cluster) => cluster.name === name);
    const seen = topology.containers.filter(({ cluster }) => cluster === name);
    const nodes = [...new Set([...(known?.nodes.map((node) => node.name) ?? []), ...seen.map(({ node }) => node)])];
    return {
      site: known?.site ?? '',
      name,
      displayName: known?.displayName ?? name,
      phase: known?.phase ?? null,
      count: seen.length,
      nodes: nodes.sort(byName).map((node) => ({
        name: node,
        facts: known?.nodes.find((one) => one.name === node) ?? null,
        usage: used.get(`${name}/${node ?? ''}`) ?? null,
        containers: byNode.get(`${name}/${node ?? ''}`) ?? [],
      })),
    };
  });
  return [...Map.groupBy(drawn, ({ site }) => site)].map(([site, rows]) => ({ site, clusters: rows }));
}

/** `node-2` before `node-10`; what has no node yet comes first. */
function byName(a: string | null, b: string | null): number {
  return (a ?? '').localeCompare(b ?? '', 'en', { numeric: true });
}
