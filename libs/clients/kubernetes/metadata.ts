import { z } from 'zod';
import { berthLabels } from './labels.js';

export const ownerSchema = z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() });

export const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().optional(),
  creationTimestamp: z.string(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  ownerReferences: z.array(ownerSchema).optional(),
});

export type Metadata = z.output<typeof metadataSchema>;

/** Fields that every slim row has. */
export function identityOf({ uid, name, resourceVersion, creationTimestamp, deletionTimestamp }: Metadata) {
  return { uid, name, resourceVersion, createdAt: creationTimestamp, ...optional({ deletionTimestamp }) };
}

/** Our own labels or annotations; foreign ones are not kept. */
export function ownEntries(entries: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key.startsWith('berth.dev/')));
}

export function serviceOf({ labels }: Metadata) {
  return optional({ serviceUid: labels?.[berthLabels.serviceUid], release: labels?.[berthLabels.release] });
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same without keys whose value is undefined (or an empty string, as Kubernetes writes "not set"). */
export function optional<T extends Record<string, unknown>>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as Present<T>;
}
