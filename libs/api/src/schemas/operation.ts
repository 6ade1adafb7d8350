import { Actor, OperationEffect, OperationKind, OperationState, OperationStep, Problem } from '@berth/contracts';
import { z } from 'zod';
import { Cause, PageQuery, Time } from './common.js';

/** Somebody asked to cancel an operation. */
export const CancelRequest = z.object({
  actor: Actor,
  at: Time,
  cause: z.string().nullable(),
  /** Why it changed nothing; null while it is carried out, and when it was. */
  refused: Problem.nullable(),
});
export type CancelRequest = z.infer<typeof CancelRequest>;

export const CancelBody = z.strictObject({ cause: Cause });

export const Operation = z.object({
  id: z.uuid(),
  kind: OperationKind,
  target: z.string(),
  state: OperationState,
  actor: Actor,
  cause: z.string().nullable(),
  acceptedAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  deadlineAt: Time,
  steps: z.array(OperationStep),
  /** What it changes, from and to; null until its conductor has said so. */
  effect: OperationEffect.nullable(),
  problem: Problem.nullable(),
  result: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  correlationId: z.string(),
  /** Median time of the same kind of operation over the last 50 that succeeded, if there were 3. */
  medianMs: z.number().nullable(),
  cancel: CancelRequest.nullable(),
});
export type Operation = z.infer<typeof Operation>;

/** Operations of the same target around one: 3 before, 3 after, and the one that took its place wherever it is. */
export const Neighbours = z.object({ items: z.array(Operation) });

export const OperationsQuery = PageQuery.extend({
  target: z.string().max(200).optional(),
  project: z.string().max(40).optional(),
  environment: z.string().max(10).optional(),
  /** `failed`: ended without success, because it failed or was refused. */
  state: z.enum(['running', 'ended', 'failed']).optional(),
  kind: OperationKind.optional(),
  /** Id of who asked for them. */
  actor: z.string().max(100).optional(),
  /** Accepted at or after this time. */
  since: Time.optional(),
  /** Ended at or after this time, whenever it was accepted. */
  endedSince: Time.optional(),
  /** Part of the target or of the name of who asked for it, any case. */
  search: z.string().max(100).optional(),
});

/** One hint of the browser feed: something of this kind and key changed; read it again if you show it. */
export const FeedHint = z.object({
  seq: z.number().int(),
  kind: z.enum(['service', 'operation', 'cluster', 'project', 'cmdb']),
  key: z.string(),
  version: z.number().int(),
});
export type FeedHint = z.infer<typeof FeedHint>;
