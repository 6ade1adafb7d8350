import { z } from 'zod';

const text = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined);

/** What the address of a service's page may say besides the tab. */
export const ServiceSearch = z.object({
  // Logs: one container, all of a cluster, or all; which run, and from when.
  cluster: text,
  container: text,
  previous: z.boolean().optional().catch(undefined),
  since: z.iso.datetime().optional().catch(undefined),
  // Settings: the field to change, with what it could be.
  edit: text,
  name: text,
  value: text,
  /** Settings: begin with what the clusters are told to run, or with what serves. */
  base: z.enum(['target', 'live']).optional().catch(undefined),
  // Releases: the one to go back to.
  back: z.number().int().positive().optional().catch(undefined),
});
export type ServiceSearch = z.infer<typeof ServiceSearch>;
