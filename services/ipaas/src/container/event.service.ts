import type { ClusterEventsPage } from '@berth/api';
import { isClusterError, type SlimEvent } from '@berth/clients/kubernetes';
import { namespaceOf, parseServiceKey } from '@berth/contracts';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ClusterClients } from '../cluster/cluster-clients.js';
import { ContainerService } from './container.service.js';
import { ContainerStore } from './container.store.pg.js';
import { mergeEvents, type EventsOfCluster } from './merge-events.js';

const keptForMs = 2_000;
const patienceMs = 4_000;

type Events = Pick<ClusterEventsPage, 'items' | 'silentClusters'>;

/** Kubernetes events of a service, asked of its clusters when somebody looks. */
@Injectable()
export class EventService {
  private readonly recent = new Map<string, { readonly untilMs: number; readonly events: Promise<Events> }>();

  constructor(
    private readonly database: Database,
    private readonly containers: ContainerService,
    private readonly store: ContainerStore,
    private readonly clients: ClusterClients,
  ) {}

  /** Many who look at once are one question. Silent clusters are named; when all are silent it is a problem. */
  list(key: string): Promise<Events> {
    const nowMs = Date.now();
    for (const [other, { untilMs }] of this.recent) if (untilMs <= nowMs) this.recent.delete(other);
    const kept = this.recent.get(key);
    if (kept) return kept.events;
    const events = this.read(key);
    this.recent.set(key, { untilMs: nowMs + keptForMs, events });
    events.catch(() => this.recent.delete(key));
    return events;
  }

  private async read(key: string): Promise<Events> {
    const uid = await this.containers.uidOf(key);
    const [clusters, names] = await Promise.all([
      this.store.clusters(this.database, uid),
      this.store.recentNames(this.database, uid),
    ]);
    const namespace = namespaceOf(parseServiceKey(key));
    const answers = await Promise.all(clusters.map((cluster) => this.ask(cluster, namespace)));
    const heard = answers.filter((answer) => answer !== null);
    if (clusters.length > 0 && heard.length === 0)
      throw refuse('service_unavailable', { service: clusters.join(', ') });
    const scope = { name: parseServiceKey(key).service, containers: new Set(names) };
    return {
      items: mergeEvents(heard, scope),
      silentClusters: clusters.filter((cluster) => heard.every((answer) => answer.cluster !== cluster)),
    };
  }

  /** Null when it did not answer, or there is no way to ask it. */
  private async ask(cluster: string, namespace: string): Promise<EventsOfCluster | null> {
    try {
      const client = await this.clients.forReading(cluster);
      if (!client) return null;
      const events: SlimEvent[] = await client.events(namespace, { signal: AbortSignal.timeout(patienceMs) });
      return { cluster, events };
    } catch (error) {
      if (isClusterError(error)) return null;
      throw error;
    }
  }
}
