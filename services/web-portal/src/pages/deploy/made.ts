import { namespaceOf, type EnvironmentName } from '@berth/contracts';
import type { DeployDraft } from './draft.js';

/** Something that a deploy makes in a cluster, or finds there. */
export interface Made {
  readonly kind: 'namespace' | 'containers' | 'secrets' | 'address';
  readonly name: string;
  readonly count?: number;
  readonly isNew: boolean;
}

/** Another service of the same project and environment, and where it has its place. */
interface Neighbour {
  readonly clusters: readonly { readonly cluster: string }[];
}

/** A namespace is made with the first service that comes into a cluster and stays; the rest belongs to the new service. */
export function madeIn(
  cluster: string,
  replicas: number,
  place: { readonly project: string; readonly environment: EnvironmentName },
  { code, spec }: DeployDraft,
  neighbours: readonly Neighbour[],
): Made[] {
  const hasNamespace = neighbours.some(({ clusters }) => clusters.some((row) => row.cluster === cluster));
  const secrets = spec.variables.filter((row) => row.secret).map((row) => row.name);
  const ports = spec.ports.map(({ port }) => port ?? '?');
  const found: (Made | false)[] = [
    { kind: 'namespace', name: namespaceOf(place), isNew: !hasNamespace },
    { kind: 'containers', name: code || '…', count: replicas, isNew: true },
    secrets.length > 0 && { kind: 'secrets', name: secrets.join(', '), count: secrets.length, isNew: true },
    ports.length > 0 && { kind: 'address', name: ports.join(', '), isNew: true },
  ];
  return found.filter((row) => row !== false);
}
