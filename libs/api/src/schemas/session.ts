import { z } from 'zod';
import { permissions, roleNames } from '../rights.js';
import { Time } from './common.js';

export const Binding = z.object({ role: z.enum(roleNames), scope: z.string() });

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

/** What people log in with. */
export const Username = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,39}$/, 'a user name: a-z, 0-9, dot, dash, underscore, 2 to 40 characters');

export const LoginBody = z.strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(200) });
export const PasswordBody = z.strictObject({
  oldPassword: z.string().min(1).max(200),
  newPassword: z.string().min(1).max(200),
});

export const ScopeText = z
  .string()
  .regex(
    /^(platform|tenant:[A-Za-z0-9_-]{1,60}|project:[a-z][a-z0-9-]{1,30}|environment:[a-z][a-z0-9-]{1,30}\/(dev|test|staging|prod))$/,
  );
export const BindingBody = z.strictObject({ role: z.enum(roleNames), scope: ScopeText });

export const User = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  lastLoginAt: Time.nullable(),
  bindings: z.array(Binding),
});
export type User = z.infer<typeof User>;
export const UserBody = z.strictObject({
  username: Username,
  name: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  bindings: z.array(BindingBody).max(100),
});
export const BindingsBody = z.strictObject({ bindings: z.array(BindingBody).max(100) });

/** A machine token, e.g. for the CMDB. Its value is shown once. */
export const TokenBody = z.strictObject({
  name: z.string().min(1).max(100),
  permission: z.enum(['cmdb.push']),
  expiresInDays: z.number().int().min(1).max(3650),
});
export const TokenCreated = z.object({ id: z.uuid(), name: z.string(), token: z.string(), expiresAt: Time });
