import { ServiceState } from '@berth/contracts';
import { z } from 'zod';
import { PageQuery, Time, page } from './common.js';

const CmdbId = z.string().min(1).max(100);
const Code = z.string().min(1).max(100);
const Name = z.string().min(1).max(200);
const Source = z.string().min(1).max(60);
const Version = z.number().int().nonnegative();
const Reason = z.string().trim().min(1).max(500);

export const cmdbRowKinds = ['businessLine', 'project', 'service'] as const;
export const CmdbRowKind = z.enum(cmdbRowKinds);
export type CmdbRowKind = z.infer<typeof CmdbRowKind>;

/** Rows are checked one by one by the owner, so that a bad row is explained and the good ones are applied; here only their outer shape. */
export const CmdbRow = z.looseObject({});

const rows = {
  businessLines: z.array(CmdbRow).max(10_000),
  projects: z.array(CmdbRow).max(50_000),
  services: z.array(CmdbRow).max(200_000),
};
/** `sample: true` marks everything of this source as a sample, which can be removed and restored as a whole. */
const whence = { source: Source, version: Version, sample: z.boolean().optional() };

/** A full snapshot of the CMDB. `version` rises with every snapshot; an older one is refused, the same one again changes nothing. */
export const CmdbPushBody = z.strictObject({ ...whence, ...rows });
export type CmdbPushBody = z.infer<typeof CmdbPushBody>;

/**
 * What changed since `baseVersion`: rows to create or to replace, and CMDB ids that are no longer named. A delta on another
 * base than what was applied last is refused, because nobody could tell what is missing between the two.
 */
export const CmdbDeltaBody = z.strictObject({
  ...whence,
  baseVersion: Version,
  ...rows,
  removed: z.strictObject({
    businessLines: z.array(CmdbId).max(10_000),
    projects: z.array(CmdbId).max(50_000),
    services: z.array(CmdbId).max(200_000),
  }),
});
export type CmdbDeltaBody = z.infer<typeof CmdbDeltaBody>;
export const CmdbPushQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });

/** A push that an administrator pastes: one of the two forms. Without `dryRun=false` it only shows what it would do. */
export const CmdbTryBody = z.union([CmdbDeltaBody, CmdbPushBody]);
export const CmdbTryQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('true') });

/** What a good row looks like. */
export const CmdbBusinessLine = z.object({
  cmdbId: CmdbId,
  code: Code,
  name: Name,
  allowsUnregistered: z.boolean().optional(),
  /** Who pays, as the CMDB knows it. */
  costCentre: z.string().max(100).optional(),
});
export const CmdbProject = z.object({ cmdbId: CmdbId, code: Code, name: Name, businessLine: CmdbId });
export const CmdbService = z.object({
  cmdbId: CmdbId,
  code: Code,
  name: Name,
  project: CmdbId,
  owner: z.string().max(100).optional(),
});

/** Why a row was rejected; the portal says it in the reader's language from `code` and `params`. */
export const cmdbFaultCodes = [
  'not_an_object',
  'missing',
  'wrong_type',
  'too_short',
  'too_long',
  'control_character',
  'mixed_letters',
  'given_twice',
  'unknown_parent',
  'not_a_service_code',
  'reserved_code',
  /** Of an id in the `removed` of a delta: nothing of it is there, or the same delta names it. */
  'nothing_to_remove',
  'also_named',
] as const;
export const CmdbRejected = z.object({
  kind: CmdbRowKind,
  cmdbId: z.string().nullable(),
  /** Place of the row in its list, from 0; of an id in `removed` (its `field`), the place there. */
  index: z.number().int(),
  field: z.string(),
  code: z.enum(cmdbFaultCodes),
  /** The value as it was given, cut at 100 characters. */
  value: z.string().nullable(),
  /** What would be allowed: `max`, `type`, `firstIndex`, `parent`. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The same in English. */
  reason: z.string(),
});
export type CmdbRejected = z.infer<typeof CmdbRejected>;

/** What a push does to a row. A row that waits would be retired, and is not until somebody decides. */
export const cmdbChangeKinds = ['create', 'update', 'rename', 'move', 'retire', 'restore', 'wait', 'reject'] as const;
export const CmdbChangeKind = z.enum(cmdbChangeKinds);
export type CmdbChangeKind = z.infer<typeof CmdbChangeKind>;

const count = z.number().int();
export const CmdbCounts = z.object({
  created: count,
  updated: count,
  renamed: count,
  moved: count,
  retired: count,
  restored: count,
  waiting: count,
  unchanged: count,
  rejected: count,
});
export type CmdbCounts = z.infer<typeof CmdbCounts>;

/** A large retirement needs somebody's approval; the other rows of its push are applied at once. */
export const CmdbApproval = z.object({
  /** `withdrawn`: the CMDB named everything again before somebody decided. */
  state: z.enum(['waiting', 'approved', 'rejected', 'withdrawn']),
  rows: count,
  /** Rows of the source that could have been retired, for the share. */
  of: count,
  by: z.string().nullable(),
  at: Time.nullable(),
  cause: z.string().nullable(),
});
export type CmdbApproval = z.infer<typeof CmdbApproval>;

export const CmdbPush = z.object({
  id: z.uuid(),
  source: z.string(),
  version: z.number().int(),
  mode: z.enum(['full', 'delta']),
  baseVersion: z.number().int().nullable(),
  sample: z.boolean(),
  dryRun: z.boolean(),
  /** Who pushed: the name of the token, or of an administrator. */
  by: z.string(),
  at: Time,
  durationMs: z.number(),
  result: z.enum(['applied', 'unchanged', 'dry_run', 'older']),
  counts: z.object({ businessLines: CmdbCounts, projects: CmdbCounts, services: CmdbCounts }),
  approval: CmdbApproval.nullable(),
  /** Changes beyond the 20,000 that are kept to be looked at; all were applied. */
  rowsLeftOut: count,
});
export type CmdbPush = z.infer<typeof CmdbPush>;

/** Answer to a push: its counts, and its first 1,000 rejected rows explained. */
export const CmdbPushAnswer = CmdbPush.extend({ rejected: z.array(CmdbRejected) });
export type CmdbPushAnswer = z.infer<typeof CmdbPushAnswer>;

/** One row of a push: what is different, or why it was rejected. */
export const CmdbPushRow = z.object({
  kind: CmdbRowKind,
  change: CmdbChangeKind,
  cmdbId: z.string().nullable(),
  /** Slug of a project, `slug/code` of a service; null for a business line or a row that was never taken. */
  key: z.string().nullable(),
  name: z.string().nullable(),
  fields: z.array(
    z.object({
      field: z.string(),
      before: z.union([z.string(), z.boolean(), z.null()]),
      after: z.union([z.string(), z.boolean(), z.null()]),
    }),
  ),
  rejected: CmdbRejected.nullable(),
});
export type CmdbPushRow = z.infer<typeof CmdbPushRow>;
export const CmdbPushParams = z.strictObject({ push: z.uuid() });
export const CmdbPushRowsQuery = PageQuery.extend({
  kind: CmdbRowKind.optional(),
  change: CmdbChangeKind.optional(),
});
export const CmdbPushesQuery = PageQuery.extend({ source: Source.optional() });

const Running = z.object({
  environment: z.string(),
  state: ServiceState,
  desired: count,
  ready: count,
  clusters: z.array(z.object({ cluster: z.string(), desired: count, ready: count })),
});

/**
 * A catalogue row that the CMDB no longer names and that was not retired at once (待确认). `waiting` and `kept` are open; the
 * others are how it ended: somebody retired it, the CMDB named it again, its last instance was deleted, its sample was removed.
 */
export const CmdbVanished = z.object({
  id: z.uuid(),
  kind: CmdbRowKind,
  source: z.string(),
  cmdbId: z.string(),
  key: z.string().nullable(),
  name: z.string(),
  /** `runs`: it still runs. `large`: its push would retire so much that it waits for an approval. */
  reason: z.enum(['runs', 'large']),
  state: z.enum(['waiting', 'kept', 'retired', 'returned', 'gone', 'removed']),
  push: z.uuid(),
  version: z.number().int(),
  since: Time,
  /** The CMDB names it elsewhere now: it was renamed or moved. */
  nowAt: z.string().nullable(),
  keptUntil: Time.nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: Time.nullable(),
  cause: z.string().nullable(),
  /** When it ended; null while it waits or is kept. */
  closedAt: Time.nullable(),
  /** What runs of it; for a project, of all its services. A service that is linked by hand is named with its project. */
  running: z.array(Running.extend({ service: z.string() })),
});
export type CmdbVanished = z.infer<typeof CmdbVanished>;
/** What is open comes by project and code; `decided` is what somebody decided or what ended by itself, newest first. */
export const CmdbVanishedQuery = PageQuery.extend({
  state: z.enum(['waiting', 'kept', 'decided']).optional(),
  project: z.string().max(40).optional(),
  search: z.string().max(100).optional(),
});

/** `retire`: the CMDB is right. `keep`: it stays as it is until then, and is asked about again afterwards. */
export const CmdbDecisionBody = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('retire'), ids: z.array(z.uuid()).min(1).max(500), cause: Reason }),
  z.strictObject({ decision: z.literal('keep'), ids: z.array(z.uuid()).min(1).max(500), cause: Reason, until: Time }),
]);
export const CmdbDecided = z.object({ decided: count });
/** On a large retirement. Rejected rows are kept for 7 days and asked about one by one afterwards. */
export const CmdbApprovalBody = z.strictObject({ decision: z.enum(['approve', 'reject']), cause: Reason });

export const CmdbSource = z.object({
  source: z.string(),
  version: z.number().int(),
  sample: z.boolean(),
  removed: z.boolean(),
  /** When it last pushed, also without a change. */
  pushedAt: Time.nullable(),
  businessLines: count,
  projects: count,
  services: count,
  waiting: count,
  approvals: count,
  /** How often a removed sample was taken up again. */
  restores: count,
});
export type CmdbSource = z.infer<typeof CmdbSource>;
export const CmdbSourceParams = z.strictObject({ source: Source });
/** A service in a project of the source: what goes with the source when it is removed. */
export const CmdbSourceService = Running.extend({
  project: z.string(),
  code: z.string(),
  name: z.string(),
  production: z.boolean(),
  /** False: the source does not name it; somebody deployed it on their own. */
  named: z.boolean(),
});
export type CmdbSourceService = z.infer<typeof CmdbSourceService>;
export const CmdbSourceChangeBody = z.strictObject({ cause: Reason.optional() });

/** Who pays for a business line: what the CMDB says, or what was entered here. */
export const CmdbLine = z.object({
  source: z.string(),
  cmdbId: z.string(),
  code: z.string(),
  name: z.string(),
  retired: z.boolean(),
  projects: count,
  costCentre: z.string().nullable(),
  costCentreFrom: z.enum(['cmdb', 'here']).nullable(),
  changedBy: z.string().nullable(),
});
export type CmdbLine = z.infer<typeof CmdbLine>;
export const CmdbPayerBody = z.strictObject({
  source: Source,
  cmdbId: CmdbId,
  /** Null takes back what was entered here. */
  costCentre: z.string().trim().min(1).max(100).nullable(),
});

const Reference = z.object({
  source: z.string(),
  cmdbId: z.string(),
  project: z.string(),
  code: z.string(),
  name: z.string(),
  owner: z.string().nullable(),
  retired: z.boolean(),
});
/** A service of Berth or of the CMDB, with the other side of it and where it runs. */
export const CmdbMapping = z.object({
  project: z.string(),
  code: z.string(),
  name: z.string(),
  businessLine: z.object({ code: z.string(), name: z.string() }).nullable(),
  costCentre: z.string().nullable(),
  /** `code`: equal project and code. `hand`: linked by somebody. `none`: it runs and the CMDB does not know it. */
  link: z.enum(['code', 'hand', 'none']),
  linkedBy: z.string().nullable(),
  cmdb: Reference.nullable(),
  /** Services of the CMDB with this code elsewhere. */
  suggestions: z.array(Reference),
  /** `project/code` of services that are linked by hand to this entry of the CMDB. */
  linked: z.array(z.string()),
  environments: z.array(Running),
});
export type CmdbMapping = z.infer<typeof CmdbMapping>;
export const CmdbMappingsQuery = PageQuery.extend({
  project: z.string().max(40).optional(),
  search: z.string().max(100).optional(),
  show: z.enum(['all', 'linked', 'unlinked', 'undeployed']).default('all'),
});
export const CmdbLinkBody = z.strictObject({
  project: z.string().max(40),
  code: z.string().max(40),
  /** Null takes the link back. */
  to: z.strictObject({ source: Source, cmdbId: CmdbId }).nullable(),
});

/**
 * A service as the CMDB wants it back: containers with host, name and version only, the rest once at the service. One
 * record a service, changed at most every few seconds.
 */
export const CmdbRecord = z.object({
  key: z.string(),
  uid: z.uuid(),
  project: z.string(),
  environment: z.string(),
  service: z.string(),
  name: z.string(),
  cmdbId: z.string().nullable(),
  owner: z.string().nullable(),
  image: z.string().nullable(),
  release: z.number().int().nullable(),
  size: z.object({ cpuMillis: z.number().int(), memoryMiB: z.number().int() }).nullable(),
  containers: z.array(
    z.object({ name: z.string(), cluster: z.string(), host: z.string().nullable(), version: z.string().nullable() }),
  ),
  /** It is gone; kept in the list for 30 days. */
  deleted: z.boolean(),
  changedAt: Time,
});
export type CmdbRecord = z.infer<typeof CmdbRecord>;
/** In the order of change. The last `changedAt` of a run is the `changedSince` of the next. */
export const CmdbRecordsQuery = PageQuery.extend({ changedSince: Time.optional() });

export const CmdbPushesPage = page(CmdbPush);
