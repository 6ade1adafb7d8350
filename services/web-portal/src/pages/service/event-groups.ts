import type { ClusterEvent } from '@berth/api';

/** What events are about, the gravest first. */
export const eventTopics = ['failure', 'check', 'image', 'place', 'volume', 'life', 'other'] as const;
export type EventTopic = (typeof eventTopics)[number];

const topics: Readonly<Record<string, EventTopic>> = {
  BackOff: 'failure',
  Failed: 'failure',
  FailedPostStartHook: 'failure',
  FailedPreStopHook: 'failure',
  OOMKilling: 'failure',
  CrashLoopBackOff: 'failure',
  FailedCreate: 'failure',
  FailedKillPod: 'failure',
  ProgressDeadlineExceeded: 'failure',
  Unhealthy: 'check',
  ProbeWarning: 'check',
  ProbeError: 'check',
  Pulling: 'image',
  Pulled: 'image',
  ErrImagePull: 'image',
  ImagePullBackOff: 'image',
  InspectFailed: 'image',
  ErrImageNeverPull: 'image',
  Scheduled: 'place',
  FailedScheduling: 'place',
  Preempted: 'place',
  Evicted: 'place',
  NodeNotReady: 'place',
  TaintManagerEviction: 'place',
  FailedMount: 'volume',
  FailedAttachVolume: 'volume',
  SuccessfulAttachVolume: 'volume',
  Created: 'life',
  Started: 'life',
  Killing: 'life',
  SuccessfulCreate: 'life',
  SuccessfulDelete: 'life',
  ScalingReplicaSet: 'life',
};

/** The same thing said of several objects, or several times. */
export interface EventGroup {
  /** What its events have in common; no two groups have the same. */
  readonly key: string;
  readonly topic: EventTopic;
  readonly type: ClusterEvent['type'];
  readonly reason: string;
  /** Of the newest one. */
  readonly message: string;
  readonly count: number;
  readonly clusters: readonly string[];
  readonly objects: readonly string[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly events: readonly ClusterEvent[];
}

/** Back-off of an image is about the image, whatever Kubernetes calls it. */
function topicOf({ reason, message }: ClusterEvent): EventTopic {
  const topic = topics[reason] ?? 'other';
  return topic === 'failure' && /\bimage\b|manifest|registry/i.test(message) ? 'image' : topic;
}

/** Words that differ from pod to pod, left out: then two messages are the same. */
const likeness = (message: string) =>
  message
    .replace(/[a-z0-9-]+_[a-z0-9-]+\([0-9a-f-]{8,}\)/g, '')
    .replace(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?/g, '')
    .replace(/[0-9a-f]{8,}|[\d.]+(?:m?s)?/g, '')
    .replace(/\S+-[a-z0-9]{5,10}-[a-z0-9]{5}\b/g, '');

/** Events by what they are about: warnings before the rest, the newest first. */
export function groupEvents(events: readonly ClusterEvent[]): EventGroup[] {
  const groups = new Map<string, ClusterEvent[]>();
  for (const event of events) {
    const key = `${topicOf(event)} ${event.type} ${event.reason} ${likeness(event.message)}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups].map(([key, events]) => groupOf(key, events)).sort(byGravity);
}

function groupOf(key: string, events: readonly ClusterEvent[]): EventGroup {
  const sorted = [...events].sort((a, b) => (b.lastAt ?? '').localeCompare(a.lastAt ?? ''));
  const newest = sorted[0] as ClusterEvent;
  const firsts = events.flatMap((event) => event.firstAt ?? []).sort();
  return {
    key,
    topic: topicOf(newest),
    type: newest.type,
    reason: newest.reason,
    message: newest.message,
    count: events.reduce((sum, event) => sum + Math.max(1, event.count), 0),
    clusters: [...new Set(events.map((event) => event.cluster))].sort(),
    objects: [...new Set(sorted.map((event) => `${event.kind}/${event.object}`))],
    firstAt: firsts[0] ?? null,
    lastAt: newest.lastAt,
    events: sorted,
  };
}

function byGravity(a: EventGroup, b: EventGroup): number {
  if (a.type !== b.type) return a.type === 'Warning' ? -1 : 1;
  return (b.lastAt ?? '').localeCompare(a.lastAt ?? '');
}
