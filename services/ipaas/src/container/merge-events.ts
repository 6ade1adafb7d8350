import type { ClusterEvent } from '@berth/api';
import type { SlimEvent } from '@berth/clients/kubernetes';

export interface EventsOfCluster {
  readonly cluster: string;
  readonly events: readonly SlimEvent[];
}

/** What belongs to a service: its Deployment, Service and ReplicaSets by name, its containers as they are known. */
export interface EventScope {
  readonly name: string;
  readonly containers: ReadonlySet<string>;
}

const mostEvents = 500;

/** Events of one service from all clusters, newest first; the same said twice is one with both counts. */
export function mergeEvents(clusters: readonly EventsOfCluster[], scope: EventScope): ClusterEvent[] {
  const merged = new Map<string, ClusterEvent>();
  for (const { cluster, events } of clusters)
    for (const event of unique(events)) {
      if (!isAbout(event, scope)) continue;
      const row = rowOf(cluster, event);
      const key = [cluster, row.kind, row.object, row.type, row.reason, row.message].join('\u0000');
      const before = merged.get(key);
      merged.set(key, before ? together(before, row) : row);
    }
  return [...merged.values()].sort(byNewest).slice(0, mostEvents);
}

function unique(events: readonly SlimEvent[]): Iterable<SlimEvent> {
  return new Map(events.map((event) => [event.uid, event])).values();
}

function isAbout({ about }: SlimEvent, { name, containers }: EventScope): boolean {
  switch (about.kind) {
    case 'Deployment':
    case 'Service':
      return about.name === name;
    case 'ReplicaSet':
      return about.name.startsWith(`${name}-`) && /^[a-z0-9]+$/.test(about.name.slice(name.length + 1));
    case 'Pod':
      return containers.has(about.name);
    default:
      return false;
  }
}

function rowOf(cluster: string, event: SlimEvent): ClusterEvent {
  return {
    cluster,
    object: event.about.name,
    kind: event.about.kind,
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason,
    message: event.message,
    count: event.count,
    firstAt: event.firstSeen ?? null,
    lastAt: event.lastSeen ?? null,
  };
}

function together(a: ClusterEvent, b: ClusterEvent): ClusterEvent {
  return {
    ...a,
    count: a.count + b.count,
    firstAt: [a.firstAt, b.firstAt].filter((at) => at !== null).sort()[0] ?? null,
    lastAt:
      [a.lastAt, b.lastAt]
        .filter((at) => at !== null)
        .sort()
        .at(-1) ?? null,
  };
}

function byNewest(a: ClusterEvent, b: ClusterEvent): number {
  return (
    (b.lastAt ?? '').localeCompare(a.lastAt ?? '') ||
    a.object.localeCompare(b.object) ||
    a.reason.localeCompare(b.reason)
  );
}
