import { z } from 'zod';
import { permissions } from '../rights.js';
import { Time } from './common.js';
import { Binding } from './member.js';

export const Me = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  mustChangePassword: z.boolean(),
  bindings: z.array(Binding),
  /** Permissions on the platform as a whole, for the menu. */
  platformPermissions: z.array(z.enum(permissions)),
  /** Sent back as header `x-csrf-token` with every change. */
  csrfToken: z.string(),
});
export type Me = z.infer<typeof Me>;

export const LoginBody = z.strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(200) });
export const PasswordBody = z.strictObject({
  oldPassword: z.string().min(1).max(200),
  newPassword: z.string().min(1).max(200),
});

/** One place where somebody is logged in. */
export const Session = z.object({
  id: z.string(),
  /** The session that asks. */
  current: z.boolean(),
  address: z.string().nullable(),
  /** Browser and system, as the browser said at the login. */
  userAgent: z.string().nullable(),
  createdAt: Time,
  seenAt: Time,
  /** When it ends if it is not used again. */
  endsAt: Time,
});
export type Session = z.infer<typeof Session>;

/** What a token is for: `user` acts as its maker; the others are machines with one right. */
export const TokenPermission = z.enum(['cmdb.push', 'cmdb.pull']);

/** A machine token, e.g. for the CMDB. Its value is shown once. */
export const TokenBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  permission: TokenPermission,
  expiresInDays: z.number().int().min(1).max(3650),
  /** The only source that it may push for; without it, any. A token of a sample ends when the sample is removed. */
  source: z.string().trim().min(1).max(60).optional(),
});
export const TokenCreated = z.object({ id: z.uuid(), name: z.string(), token: z.string(), expiresAt: Time });
/** A token for the own scripts: it may what its maker may. */
export const OwnTokenBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  expiresInDays: z.number().int().min(1).max(365),
});

/** A token as lists show it; nobody can read its value again. */
export const Token = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Null: it acts as its owner. */
  permission: TokenPermission.nullable(),
  /** The only source that it may push for; null for any. */
  source: z.string().nullable(),
  /** User name of who made it. */
  createdBy: z.string(),
  createdAt: Time,
  expiresAt: Time,
  /** To the minute. */
  lastUsedAt: Time.nullable(),
  /** False after its end, and while its maker is deactivated when it acts as them. */
  usable: z.boolean(),
});
export type Token = z.infer<typeof Token>;
