import type { SlimNode } from '@berth/clients/kubernetes';
import type { SlimService } from './slim-service.js';

/** How the containers of a service are reached in one cluster. */
export interface Address {
  readonly kind: 'dns' | 'clusterIP' | 'nodePort';
  readonly address: string;
  readonly port: number;
  readonly portName: string;
  readonly reachableFrom: 'cluster' | 'host' | 'everywhere';
}

/** Addresses of a Service object: by name and by number inside of the cluster, by a node from outside. */
export function addressesOf(service: SlimService, nodes: Iterable<SlimNode>): Address[] {
  const node = [...nodes]
    .filter(({ ready, internalIp }) => ready && internalIp)
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0];
  return service.ports.flatMap(({ name, port, nodePort }): Address[] => [
    {
      kind: 'dns',
      address: `${service.name}.${service.namespace}.svc`,
      port,
      portName: name,
      reachableFrom: 'cluster',
    },
    ...(service.clusterIp
      ? [
          {
            kind: 'clusterIP' as const,
            address: service.clusterIp,
            port,
            portName: name,
            reachableFrom: 'cluster' as const,
          },
        ]
      : []),
    ...(nodePort && node?.internalIp
      ? [
          {
            kind: 'nodePort' as const,
            address: node.internalIp,
            port: nodePort,
            portName: name,
            reachableFrom: 'host' as const,
          },
        ]
      : []),
  ]);
}
