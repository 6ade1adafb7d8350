import { z } from 'zod';
import { PageQuery, page } from './common.js';

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

export const ProjectsQuery = PageQuery.extend({ search: z.string().max(100).optional() });
export const ProjectsPage = page(Project);
