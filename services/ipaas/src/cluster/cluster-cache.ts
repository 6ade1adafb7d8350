import {
  berthLabels,
  deploymentProjection,
  namespaceProjection,
  nodeProjection,
  podProjection,
  type ClusterClient,
  type ClusterError,
  type Projection,
  type SlimDeployment,
  type SlimNamespace,
  type SlimNode,
  type SlimPod,
  type Watch,
} from '@berth/clients/kubernetes';
import { serviceProjection, type SlimService } from '../workload/slim-service.js';
import type { KindAge } from './cluster-health.js';
import { RowTable, type KeyedRow } from './row-table.js';

/** Who wants to know what changed. Called for every change and must be quick. */
export interface CacheListener {
  /** Objects at `<namespace>/<name>` changed: Deployments and Services of that name. */
  readonly placeChanged: (place: string) => void;
  readonly namespaceChanged: (namespace: string) => void;
  /** A container of this service came, changed or went. */
  readonly podsChanged: (serviceUid: string, before: SlimPod | null, after: SlimPod | null) => void;
  /** Nodes, or what they are asked for. */
  readonly capacityChanged: () => void;
  readonly trouble: (error: ClusterError) => void;
}

/** What one cluster holds, as its watches tell it: slim rows, looked up by place and by service. */
export class ClusterCache {
  readonly pods: RowTable<SlimPod>;
  readonly deployments: RowTable<SlimDeployment>;
  readonly services: RowTable<SlimService>;
  readonly namespaces: RowTable<SlimNamespace>;
  readonly nodes: RowTable<SlimNode>;
  private watches: (Watch & { readonly kind: Projection<KeyedRow>['kind'] })[] = [];

  constructor(
    private readonly installationId: string,
    private readonly listener: CacheListener,
  ) {
    const placed = (before: { namespace: string; name: string } | null, after: typeof before) => {
      const row = after ?? before;
      if (row) listener.placeChanged(placeKey(row.namespace, row.name));
    };
    this.pods = new RowTable<SlimPod>({
      groups: (pod) => (this.isOurs(pod) && pod.serviceUid ? [pod.serviceUid] : []),
      changed: (before, after) => this.podChanged(before, after),
    });
    this.deployments = new RowTable<SlimDeployment>({
      groups: ({ namespace, name }) => [placeKey(namespace, name)],
      changed: placed,
    });
    this.services = new RowTable<SlimService>({
      groups: ({ namespace, name }) => [placeKey(namespace, name)],
      changed: placed,
    });
    this.namespaces = new RowTable<SlimNamespace>({
      groups: ({ name }) => [name],
      changed: (before, after) => listener.namespaceChanged((after ?? before)?.name ?? ''),
    });
    this.nodes = new RowTable<SlimNode>({ groups: () => [], changed: () => listener.capacityChanged() });
  }

  /** Starts one watch for each kind. Pods of others are watched too: what they take is not free. */
  open(client: ClusterClient): void {
    const labelSelector = `${berthLabels.installation}=${this.installationId}`;
    this.watches = [
      this.follow(client, podProjection, this.pods),
      this.follow(client, deploymentProjection, this.deployments, labelSelector),
      this.follow(client, serviceProjection, this.services, labelSelector),
      this.follow(client, namespaceProjection, this.namespaces),
      this.follow(client, nodeProjection, this.nodes),
    ];
  }

  async close(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.stop()));
  }

  /** True once every watch has told everything there was: before, an absent row means nothing. */
  isSynced(): boolean {
    return this.watches.length > 0 && this.watches.every((watch) => watch.isSynced());
  }

  /** Up to when each kind is completely known: one watch that cannot follow makes what we know old. */
  current(): readonly KindAge[] {
    return this.watches.map(({ kind, currentAtMs }) => ({ kind, currentAtMs: currentAtMs() }));
  }

  /** When any watch last heard of the cluster, epoch ms; 0 before the first word. */
  lastHeardAtMs(): number {
    return Math.max(0, ...this.watches.map((watch) => watch.lastHeardAtMs()));
  }

  isOurs({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean {
    return labels[berthLabels.installation] === this.installationId;
  }

  private follow<Row extends KeyedRow>(
    client: ClusterClient,
    projection: Projection<Row>,
    table: RowTable<Row>,
    labelSelector?: string,
  ) {
    const watch = client.watch({
      projection,
      ...(labelSelector && { labelSelector }),
      onSynced: (rows) => table.replaceAll(rows),
      onUpsert: (row) => table.upsert(row),
      onRemove: (row) => table.remove(row),
      onTrouble: (error) => this.listener.trouble(error),
    });
    return { ...watch, kind: projection.kind };
  }

  private podChanged(before: SlimPod | null, after: SlimPod | null): void {
    const pod = after ?? before;
    if (pod && this.isOurs(pod) && pod.serviceUid) this.listener.podsChanged(pod.serviceUid, before, after);
    if (before?.node !== after?.node || before?.phase !== after?.phase) this.listener.capacityChanged();
  }
}

/** Key of what has a namespace and a name. */
export function placeKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
