import type { Cluster, NodeUsage } from '@berth/api';

interface Machines {
  readonly name: string;
  readonly nodes: readonly Pick<Cluster['nodes'][number], 'machine'>[];
}

/** For each cluster the others that have a node on the same machine: they fail together. */
export function sharingMachines(clusters: readonly Machines[]): Map<string, string[]> {
  const machinesOf = ({ nodes }: Machines) => new Set(nodes.flatMap(({ machine }) => machine ?? []));
  return new Map(
    clusters.map((cluster) => {
      const own = machinesOf(cluster);
      const others = clusters.filter(
        (other) => other.name !== cluster.name && [...machinesOf(other)].some((machine) => own.has(machine)),
      );
      return [cluster.name, others.map(({ name }) => name)];
    }),
  );
}

export interface Used {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

/** What the nodes of each cluster really use, in the units of capacities; a cluster without any measured value is left out. */
export function usedByCluster(
  usage: readonly Pick<NodeUsage, 'cluster' | 'cpuCores' | 'memoryBytes'>[],
): Map<string, Used> {
  const used = new Map<string, Used>();
  for (const row of usage) {
    if (row.cpuCores === null && row.memoryBytes === null) continue;
    const before = used.get(row.cluster) ?? { cpuMillis: 0, memoryMiB: 0 };
    used.set(row.cluster, {
      cpuMillis: before.cpuMillis + Math.round((row.cpuCores ?? 0) * 1000),
      memoryMiB: before.memoryMiB + Math.round((row.memoryBytes ?? 0) / 2 ** 20),
    });
  }
  return used;
}
