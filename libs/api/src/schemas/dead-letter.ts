import { serviceNames } from '@berth/contracts';
import { z } from 'zod';
import { PageQuery, Time } from './common.js';

export const DeadLetterOwner = z.enum(serviceNames);

/** A message that a service could not work on and put aside. */
export const DeadLetter = z.object({
  /** The service that put it aside. */
  owner: DeadLetterOwner,
  /** Unique within its owner. */
  id: z.number().int(),
  stream: z.string(),
  partition: z.number().int(),
  offset: z.number().int(),
  /** Scope path of what it is about; empty when the record had no key. */
  key: z.string(),
  /** Type of the message, when its headers could be read that far. */
  type: z.string().nullable(),
  reason: z.string(),
  attempts: z.number().int(),
  /** When it came for the first time, and when the last try failed. */
  firstSeenAt: Time,
  lastSeenAt: Time,
  /** The operation that failed with it. */
  operationId: z.uuid().nullable(),
  correlationId: z.string().nullable(),
  resolution: z.enum(['replayed', 'discarded']).nullable(),
  resolvedAt: Time.nullable(),
  /** User name. */
  resolvedBy: z.string().nullable(),
  resolutionCause: z.string().nullable(),
  /** The operation that a replay opened. */
  replayOperationId: z.uuid().nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** What a replay of the message would do now. */
export const ReplayForecast = z.object({
  effect: z.enum([
    /** A command of a person: a new operation, checked against the version of today. */
    'new_operation',
    /** Another command or an event: its handler runs once more. */
    'handled_again',
    /** A state, and no newer one was handled: it counts. */
    'newest_state',
    /** A state, and a newer one was handled: nothing would happen. */
    'older_state',
    /** It still cannot be read, so it would come back at once. */
    'unreadable',
  ]),
  /** Why it cannot be read. */
  reason: z.string().nullable(),
  /** Messages of the same key that wait and go first. */
  waitingBefore: z.number().int(),
});
export type ReplayForecast = z.infer<typeof ReplayForecast>;

/** One dead letter with all that is known of it. Values of fields that look like secrets are masked. */
export const DeadLetterDetail = DeadLetter.extend({
  headers: z.record(z.string(), z.string()),
  /** The record's value as text, at most 64 KiB of it; null for a tombstone. */
  payload: z.string().nullable(),
  payloadBytes: z.number().int(),
  /** What was thrown, with its stack. */
  error: z.string().nullable(),
  forecast: ReplayForecast,
});
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

const filter = {
  state: z.enum(['open', 'resolved', 'all']).default('open'),
  /** Part of the type or the key. */
  text: z.string().trim().min(1).max(200).optional(),
};

export const DeadLettersQuery = PageQuery.extend({ ...filter, owner: DeadLetterOwner.optional() });

/** How a service answered when it was asked for its dead letters. */
export const DeadLetterSource = z.object({
  owner: DeadLetterOwner,
  state: z.enum(['answered', 'away']),
  /** Open ones; null when it does not answer. */
  open: z.number().int().nullable(),
});
export type DeadLetterSource = z.infer<typeof DeadLetterSource>;

/** Dead letters of all services, newest first. Those of a service that is away are missing, and `sources` says so. */
export const DeadLettersPage = z.object({
  items: z.array(DeadLetter),
  continue: z.string().nullable(),
  sources: z.array(DeadLetterSource),
});
export type DeadLettersPage = z.infer<typeof DeadLettersPage>;

export const DeadLetterParams = z.strictObject({
  owner: DeadLetterOwner,
  id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
});
export const ResolveBody = z.strictObject({ cause: z.string().trim().min(1).max(500) });

/** What one service answers to the gateway. */
export const OwnDeadLettersQuery = z.strictObject({
  ...filter,
  limit: z.coerce.number().int().min(1).max(501),
  /** Last time and id of the page before. */
  beforeAt: Time.optional(),
  beforeId: z.coerce.number().int().optional(),
});
export const OwnDeadLetters = z.object({ items: z.array(DeadLetter), open: z.number().int() });
export type OwnDeadLetters = z.infer<typeof OwnDeadLetters>;
