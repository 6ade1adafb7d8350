import { z } from 'zod';
import { identityOf, metadataSchema, optional } from './metadata.js';
import { plainRow } from './plain.js';
import { cpuMillis, memoryMiB, wholeCount } from './quantity.js';
import type { SlimEvent, SlimNamespace, SlimNode } from './slim.js';
import type { Projection } from './watch.js';

const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ unschedulable: z.boolean().optional() }).optional(),
  status: z.object({
    allocatable: z.record(z.string(), z.string()).optional(),
    addresses: z.array(z.object({ type: z.string(), address: z.string() })).optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
    nodeInfo: z
      .object({ architecture: z.string(), kubeletVersion: z.string(), bootID: z.string().optional() })
      .optional(),
  }),
});

export const nodeProjection: Projection<SlimNode> = { kind: 'Node', project: projectNode };

/** Throws a ZodError for something that is no node. */
export function projectNode(object: unknown): SlimNode {
  const { metadata, spec, status } = nodeSchema.parse(object);
  const { allocatable = {}, addresses = [], conditions = [] } = status;
  return plainRow<SlimNode>({
    ...identityOf(metadata),
    ready: conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    unschedulable: spec?.unschedulable ?? false,
    architecture: status.nodeInfo?.architecture ?? '',
    kubeletVersion: status.nodeInfo?.kubeletVersion ?? '',
    allocatable: {
      cpuMillis: cpuMillis(allocatable['cpu'] ?? '0'),
      memoryMiB: memoryMiB(allocatable['memory'] ?? '0', 'down'),
      pods: wholeCount(allocatable['pods'] ?? '0'),
    },
    ...optional({
      internalIp: addresses.find(({ type }) => type === 'InternalIP')?.address,
      bootId: status.nodeInfo?.bootID || undefined,
      site: metadata.labels?.['topology.kubernetes.io/zone'],
    }),
  });
}

const namespaceSchema = z.object({
  metadata: metadataSchema,
  status: z.object({ phase: z.string().optional() }).optional(),
});

export const namespaceProjection: Projection<SlimNamespace> = { kind: 'Namespace', project: projectNamespace };

/** Throws a ZodError for something that is no namespace. */
export function projectNamespace(object: unknown): SlimNamespace {
  const { metadata, status } = namespaceSchema.parse(object);
  return plainRow({ ...identityOf(metadata), labels: metadata.labels ?? {}, phase: status?.phase ?? 'Active' });
}

const eventSchema = z.object({
  metadata: metadataSchema,
  type: z.string().nullish(),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  count: z.number().nullish(),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: z.number().optional(), lastObservedTime: z.string().optional() }).nullish(),
  involvedObject: z.object({ kind: z.string().optional(), name: z.string().optional(), uid: z.string().optional() }),
  source: z.object({ component: z.string().optional() }).nullish(),
  reportingComponent: z.string().nullish(),
});

export const eventProjection: Projection<SlimEvent> = { kind: 'Event', project: projectEvent };

/** Both ways of dating an event (count with two times, or a series) become one. Throws a ZodError for anything else. */
export function projectEvent(object: unknown): SlimEvent {
  const event = eventSchema.parse(object);
  const { uid, name, namespace = '', creationTimestamp } = event.metadata;
  const about = event.involvedObject;
  return plainRow<SlimEvent>({
    uid,
    name,
    namespace,
    type: event.type || 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.series?.count ?? event.count ?? 1,
    about: { kind: about.kind ?? '', name: about.name ?? '', ...optional({ uid: about.uid }) },
    ...optional({
      firstSeen: event.firstTimestamp ?? event.eventTime ?? creationTimestamp,
      lastSeen: event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? creationTimestamp,
      source: event.source?.component || event.reportingComponent || undefined,
    }),
  });
}
