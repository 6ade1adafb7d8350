import { EnvironmentName, ProjectSlug } from '@berth/contracts';
import { z } from 'zod';
import { roleNames } from '../rights.js';
import { Cause, PageQuery, Time } from './common.js';

/** What people log in with. */
export const Username = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,39}$/, 'a user name: a-z, 0-9, dot, dash, underscore, 2 to 40 characters');

export const ScopeText = z
  .string()
  .regex(
    /^(platform|tenant:[A-Za-z0-9_-]{1,60}|project:[a-z][a-z0-9-]{1,30}|environment:[a-z][a-z0-9-]{1,30}\/(dev|test|staging|prod))$/,
  );

export const Binding = z.object({ role: z.enum(roleNames), scope: z.string() });
/** A role, and who gave it when; null for what the installation brought. */
export const GivenBinding = Binding.extend({ givenBy: z.string().nullable(), givenAt: Time.nullable() });
export type GivenBinding = z.infer<typeof GivenBinding>;
export const BindingBody = z.strictObject({ role: z.enum(roleNames), scope: ScopeText });

export const User = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  lastLoginAt: Time.nullable(),
  /** The sample that the account belongs to: it goes and comes back with it. */
  sample: z.string().nullable(),
  /** Logged in at this many places. */
  sessions: z.number().int(),
  bindings: z.array(GivenBinding),
});
export type User = z.infer<typeof User>;

export const UsersQuery = PageQuery.extend({
  /** Part of the user name or the name. */
  text: z.string().trim().min(1).max(100).optional(),
  active: z.enum(['true', 'false']).optional(),
});
export const UserBody = z.strictObject({
  username: Username,
  name: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  bindings: z.array(BindingBody).max(100),
  /** Source of the sample that the account belongs to: deactivated when that is removed, active again when it is restored. */
  sample: z.string().trim().min(1).max(60).optional(),
});
export const BindingsBody = z.strictObject({ bindings: z.array(BindingBody).max(100), cause: Cause });
/** A temporary password; the user must replace it at the next login. */
export const TemporaryPasswordBody = z.strictObject({ password: z.string().min(1).max(200), cause: Cause });

/** Roles that can be given within a project. */
export const projectRoleNames = ['owner', 'maintainer', 'developer', 'viewer', 'auditor'] as const;

/** Somebody who may do something in a project. */
export const Member = z.object({
  username: z.string(),
  name: z.string(),
  active: z.boolean(),
  lastLoginAt: Time.nullable(),
  /** Roles bound to the project or one of its environments, and inherited ones of its business line. */
  bindings: z.array(GivenBinding.extend({ inherited: z.boolean() })),
});
export type Member = z.infer<typeof Member>;

export const MemberParams = z.strictObject({ project: ProjectSlug, username: Username });
/** All roles of a user within the project; none removes the member. Without an environment a role counts in all. */
export const MemberBody = z.strictObject({
  bindings: z
    .array(z.strictObject({ role: z.enum(projectRoleNames), environment: EnvironmentName.nullable() }))
    .max(20),
  cause: Cause,
});
export const CandidatesQuery = z.strictObject({ text: z.string().trim().min(1).max(100) });
/** Somebody who could become a member. */
export const Candidate = z.object({ username: z.string(), name: z.string() });
export type Candidate = z.infer<typeof Candidate>;
