import { z } from 'zod';
import { Time } from './common.js';

/** Somebody knows that a service is unwell and looks after it until then. */
export const Acknowledgement = z.object({
  /** Key of the service: `project/environment/code`. */
  target: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  note: z.string().nullable(),
  at: Time,
  until: Time,
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

export const AcknowledgeBody = z.strictObject({
  hours: z.number().int().min(1).max(168),
  note: z.string().trim().max(200).optional(),
});

/** A list as somebody set it up: the query of its address. */
export const SavedView = z.strictObject({
  name: z.string().trim().min(1).max(40),
  query: z.string().max(500),
});
export type SavedView = z.infer<typeof SavedView>;

export const firstSteps = ['deploy', 'break', 'fix', 'rollback'] as const;

/** What a user keeps from browser to browser. */
export const UserPreferences = z.strictObject({
  views: z.array(SavedView).max(30).default([]),
  checklistClosed: z.boolean().default(false),
  /** Steps of the first ten minutes that were reached once. */
  checklistDone: z.array(z.enum(firstSteps)).max(firstSteps.length).default([]),
  /** Columns of the services list that are shown although there is little room, or are not; null: as it fits. */
  serviceColumns: z.array(z.string().max(40)).max(30).nullable().default(null),
});
export type UserPreferences = z.infer<typeof UserPreferences>;

/** What a page must know to say honestly why nothing moves. */
export const PlatformHealth = z.object({
  at: Time,
  /** Age of the oldest command that the bus has not taken yet, and how many wait. */
  bus: z.object({ delayMs: z.number().int().nonnegative(), waiting: z.number().int().nonnegative() }),
  /** Commands that left and of which their owner said nothing, or not their end in time: since when, the longest first. */
  unanswered: z.array(
    z.object({
      owner: z.string(),
      waiting: z.number().int().positive(),
      delayMs: z.number().int().nonnegative(),
    }),
  ),
});
export type PlatformHealth = z.infer<typeof PlatformHealth>;
