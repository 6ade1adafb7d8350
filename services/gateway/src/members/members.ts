import type { RoleBinding } from '@berth/api';

export interface MemberBindings {
  readonly userId: string;
  readonly active: boolean;
  readonly bindings: readonly RoleBinding[];
}

/** True when somebody who can log in administers the platform. */
export function hasAdmin(members: readonly MemberBindings[]): boolean {
  return members.some(
    ({ active, bindings }) =>
      active && bindings.some(({ role, scope }) => role === 'platform-admin' && scope === 'platform'),
  );
}

/** True when giving `userId` these roles would leave the platform without an administrator. */
export function losesLastAdmin(
  members: readonly MemberBindings[],
  userId: string,
  bindings: readonly RoleBinding[],
): boolean {
  return !hasAdmin(members.map((member) => (member.userId === userId ? { ...member, bindings } : member)));
}

/** The same bindings, each once. */
export function distinct(bindings: readonly RoleBinding[]): RoleBinding[] {
  return [...new Map(bindings.map((binding) => [`${binding.role} ${binding.scope}`, binding])).values()];
}
