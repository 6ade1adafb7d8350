import { EnvironmentName, ProjectSlug, ServiceCode } from '@berth/contracts';
import { z } from 'zod';

export const ProjectParams = z.strictObject({ project: ProjectSlug });
export const EnvironmentParams = z.strictObject({ project: ProjectSlug, environment: EnvironmentName });
export const ServiceParams = z.strictObject({
  project: ProjectSlug,
  environment: EnvironmentName,
  service: ServiceCode,
});

/** Keyset paging: `continue` is opaque and comes from the page before. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  continue: z.string().max(500).optional(),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), continue: z.string().nullable() });

export const Time = z.iso.datetime();
export const Cause = z.string().trim().max(500).optional();

/** Answer to every command: where to watch it. */
export const Accepted = z.object({ operationId: z.uuid(), target: z.string() });
export type Accepted = z.infer<typeof Accepted>;
