import { berthFieldManager, type StoredObject } from '@berth/clients/kubernetes';
import { z } from 'zod';

const managedFields = z.array(
  z.object({
    manager: z.string().optional(),
    time: z.string().optional(),
    subresource: z.string().optional(),
    fieldsV1: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** Who, other than us, last wrote a part of the spec; null when nobody did. The cluster itself writes only status. */
export function lastForeignManager({ metadata }: StoredObject): { manager: string; at: string | null } | null {
  const fields = managedFields.safeParse(metadata['managedFields']);
  const [last] = (fields.data ?? [])
    .filter(({ manager, subresource }) => manager !== berthFieldManager && subresource !== 'status')
    .filter(({ fieldsV1 }) => fieldsV1 !== undefined && 'f:spec' in fieldsV1)
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  return last ? { manager: last.manager ?? 'unknown', at: last.time ?? null } : null;
}
