import { problemOf } from '@berth/api';
import type { Problem, ServiceSpec } from '@berth/contracts';

/** Where one cluster's containers can be asked. */
export interface ClusterDoors {
  readonly cluster: string;
  readonly reach: 'podIP' | 'nodePort';
  /** Containers that run, the ready ones first. */
  readonly containers: readonly { readonly name: string; readonly ip: string; readonly ready: boolean }[];
  /** Node addresses by name of the service's port. */
  readonly nodePorts: readonly { readonly address: string; readonly port: number; readonly portName: string }[];
}

/** An address of the service itself. */
export interface Door {
  readonly cluster: string;
  readonly container: string | null;
  readonly host: string;
  readonly port: number;
}

/**
 * The address to ask: only a port that the release has, and only what the clusters themselves say are addresses of this
 * service. Nothing of it comes from whoever asks but the number of the port and the name of the cluster.
 */
export function doorOf(
  spec: Pick<ServiceSpec, 'ports'> | null,
  clusters: readonly ClusterDoors[],
  wanted: { readonly port: number; readonly cluster?: string | undefined },
): Door | Problem {
  const ports = spec?.ports ?? [];
  const named = ports.find(({ port }) => port === wanted.port);
  if (!named) {
    const shown = ports.map(({ port }) => port).join(', ') || '–';
    return problemOf('unknown_port', { port: wanted.port, ports: shown });
  }
  const doors = clusters
    .filter(({ cluster }) => wanted.cluster === undefined || cluster === wanted.cluster)
    .flatMap((cluster) => doorsOf(cluster, named));
  const best = doors.find(({ ready }) => ready) ?? doors[0];
  return best?.door ?? problemOf('nothing_to_ask');
}

function doorsOf(
  { cluster, reach, containers, nodePorts }: ClusterDoors,
  { name, port }: { readonly name: string; readonly port: number },
): { readonly door: Door; readonly ready: boolean }[] {
  if (reach === 'podIP')
    return containers.map(({ name: container, ip, ready }) => ({
      door: { cluster, container, host: ip, port },
      ready,
    }));
  // A node's port leads to any ready container; without one nobody answers.
  const ready = containers.some((container) => container.ready);
  return nodePorts
    .filter(({ portName }) => portName === name)
    .map((row) => ({ door: { cluster, container: null, host: row.address, port: row.port }, ready }));
}
