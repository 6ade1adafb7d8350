import { z } from 'zod';
import { defineState, stateStream } from '../kernel/define.js';
import { IsoTime, ProjectSlug, ServiceCode } from '../kernel/names.js';

const BusinessLine = z.object({ code: z.string(), name: z.string() });

export const projectState = defineState({
  type: 'dolphinsync.project.state.v1',
  stream: stateStream('dolphinsync', 'project', ['gateway', 'ipaas']),
  consumers: ['gateway', 'ipaas'],
  schema: z.object({
    slug: ProjectSlug,
    code: z.string(),
    name: z.string(),
    businessLine: BusinessLine,
    cmdbId: z.string(),
    /** The CMDB no longer names it. Nothing is deleted because a row is absent. */
    retired: z.boolean(),
    /** Whether services that the CMDB does not know may be deployed (marked 未登记). */
    allowsUnregistered: z.boolean(),
    updatedAt: IsoTime,
  }),
  key: (data) => data.slug,
  summary: 'A project of the CMDB, its slug and its business line.',
});
export type ProjectStateData = z.infer<(typeof projectState)['schema']>;

export const catalogServiceState = defineState({
  type: 'dolphinsync.catalog-service.state.v1',
  stream: stateStream('dolphinsync', 'catalog-service', ['ipaas']),
  consumers: ['ipaas'],
  schema: z.object({
    project: ProjectSlug,
    code: ServiceCode,
    name: z.string(),
    cmdbId: z.string(),
    owner: z.string().nullable(),
    retired: z.boolean(),
    updatedAt: IsoTime,
  }),
  key: (data) => `${data.project}/${data.code}`,
  summary: 'A service as the CMDB knows it: a catalogue entry, not yet an instance in an environment.',
});
export type CatalogServiceStateData = z.infer<(typeof catalogServiceState)['schema']>;

export const cmdbSourceState = defineState({
  type: 'dolphinsync.cmdb-source.state.v1',
  stream: stateStream('dolphinsync', 'cmdb-source', ['gateway']),
  consumers: ['gateway'],
  schema: z.object({
    source: z.string().min(1).max(60),
    /** Of the last push that changed something. */
    version: z.number().int().nonnegative(),
    sample: z.boolean(),
    removed: z.boolean(),
    /** Rows that the CMDB no longer names and that wait for a decision. */
    waiting: z.number().int().nonnegative(),
    /** Large retirements that wait for an approval. */
    approvals: z.number().int().nonnegative(),
    updatedAt: IsoTime,
  }),
  key: (data) => data.source,
  summary:
    'A CMDB that pushes to us: said when a push changed something or somebody decided, not for a push without a change.',
});
export type CmdbSourceStateData = z.infer<(typeof cmdbSourceState)['schema']>;
