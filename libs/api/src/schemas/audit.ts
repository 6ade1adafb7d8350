import { Actor } from '@berth/contracts';
import { z } from 'zod';
import { PageQuery, Time } from './common.js';

export const auditResults = ['accepted', 'done', 'refused', 'forbidden'] as const;

export const AuditRow = z.object({
  /** Number in the order of writing; what pages go by. */
  position: z.number().int(),
  /** Number in the chain; null in the moment before the row is chained. */
  sequence: z.number().int().nullable(),
  at: Time,
  actor: Actor,
  address: z.string().nullable(),
  /** Id of the route. */
  action: z.string(),
  target: z.string(),
  cause: z.string().nullable(),
  result: z.enum(auditResults),
  problemCode: z.string().nullable(),
  operationId: z.uuid().nullable(),
  correlationId: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** What rows of the audit log are asked for. Times: from (inclusive) to (exclusive). */
export const AuditFilter = z.strictObject({
  actor: z.string().trim().min(1).max(100).optional(),
  action: z.string().max(60).optional(),
  /** The object or what is in it: `shop/prod` has `shop/prod/cart`. */
  target: z.string().trim().min(1).max(200).optional(),
  result: z.enum(auditResults).optional(),
  /** Part of the cause. */
  cause: z.string().trim().min(1).max(200).optional(),
  from: Time.optional(),
  to: Time.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditQuery = PageQuery.extend(AuditFilter.shape);
export const AuditExportQuery = AuditFilter.extend({ format: z.enum(['csv', 'ndjson']) });

/** A place at which the audit log is not what was written. */
export const AuditFinding = z.object({
  kind: z.enum([
    /** The row's content is not what its hash was made of. */
    'altered',
    /** Rows are missing from `sequence` to `lastSequence`. */
    'removed',
    /** The row is not one that was chained. */
    'inserted',
    /** All rows up to `lastSequence` fit together, but are not those that an earlier check saw. */
    'rewritten',
  ]),
  sequence: z.number().int(),
  lastSequence: z.number().int(),
});
export type AuditFinding = z.infer<typeof AuditFinding>;

/** A check of the whole chain. */
export const AuditVerification = z.object({
  at: Time,
  /** Who had it checked; `audit-verify` for the command. */
  by: z.string(),
  rows: z.number().int(),
  /** End of the chain that was checked. Keep it outside of the platform to prove later that nothing was rewritten. */
  headSequence: z.number().int(),
  headHash: z.string(),
  durationMs: z.number().int(),
  /** At most 100. Empty: every row is as it was written. */
  findings: z.array(AuditFinding),
});
export type AuditVerification = z.infer<typeof AuditVerification>;

/** State of the chain, and the last check of it. */
export const AuditChain = z.object({
  headSequence: z.number().int(),
  /** Rows that are written and not chained yet. */
  waiting: z.number().int(),
  verification: AuditVerification.nullable(),
});
export type AuditChain = z.infer<typeof AuditChain>;
