import { z } from 'zod';
import { PageQuery, Time, page } from './common.js';

export const Project = z.object({
  slug: z.string(),
  code: z.string(),
  name: z.string(),
  businessLine: z.object({ code: z.string(), name: z.string() }),
  cmdbId: z.string(),
  retired: z.boolean(),
  allowsUnregistered: z.boolean(),
  services: z.number().int(),
});
export type Project = z.infer<typeof Project>;

export const CatalogService = z.object({
  project: z.string(),
  code: z.string(),
  name: z.string(),
  cmdbId: z.string(),
  owner: z.string().nullable(),
  retired: z.boolean(),
});
export type CatalogService = z.infer<typeof CatalogService>;

const CmdbId = z.string().min(1).max(100);
const Code = z.string().min(1).max(100);
const Name = z.string().min(1).max(200);

/** Rows are checked one by one by the owner, so that a bad row is explained and the good ones are applied; here only their outer shape. */
export const CmdbRow = z.looseObject({});

/** A full snapshot of the CMDB. `version` rises with every snapshot; an older one is refused, the same one again changes nothing. */
export const CmdbPushBody = z.strictObject({
  source: z.string().min(1).max(60),
  version: z.number().int().nonnegative(),
  /** Marks everything of this source as a sample, which can be removed and restored as a whole. */
  sample: z.boolean().optional(),
  businessLines: z.array(CmdbRow).max(10_000),
  projects: z.array(CmdbRow).max(50_000),
  services: z.array(CmdbRow).max(200_000),
});
export const CmdbPushQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });

/** What a good row looks like. */
export const CmdbBusinessLine = z.object({
  cmdbId: CmdbId,
  code: Code,
  name: Name,
  allowsUnregistered: z.boolean().optional(),
});
export const CmdbProject = z.object({ cmdbId: CmdbId, code: Code, name: Name, businessLine: CmdbId });
export const CmdbService = z.object({
  cmdbId: CmdbId,
  code: Code,
  name: Name,
  project: CmdbId,
  owner: z.string().max(100).optional(),
});

const Counts = z.object({
  created: z.number().int(),
  updated: z.number().int(),
  retired: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
});
export const CmdbPush = z.object({
  id: z.uuid(),
  source: z.string(),
  version: z.number().int(),
  dryRun: z.boolean(),
  at: Time,
  durationMs: z.number(),
  result: z.enum(['applied', 'unchanged', 'dry_run', 'older']),
  counts: z.object({ businessLines: Counts, projects: Counts, services: Counts }),
  rejected: z.array(
    z.object({
      kind: z.enum(['businessLine', 'project', 'service']),
      cmdbId: z.string().nullable(),
      index: z.number().int(),
      field: z.string(),
      reason: z.string(),
    }),
  ),
});
export type CmdbPush = z.infer<typeof CmdbPush>;

export const ProjectsQuery = PageQuery.extend({ search: z.string().max(100).optional() });
export const ProjectsPage = page(Project);
