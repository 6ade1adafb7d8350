import type { Permission, RoleBinding } from '@berth/api';
import type { Actor } from '@berth/contracts';

/** Who makes a request, as the session or machine token says at this moment. */
export interface Caller {
  readonly userId: string;
  /** The name people log in with; what the audit log shows. */
  readonly userName: string;
  /** The name people call them by; what pages show. */
  readonly displayName: string;
  readonly sessionId: string;
  readonly channel: Actor['channel'];
  readonly bindings: readonly RoleBinding[];
  /** Only for machine tokens: what they may do; they have no bindings. */
  readonly machinePermissions?: readonly Permission[];
  /** Only for machine tokens: the only source that they may push for. */
  readonly source?: string;
  /** True until the first password is replaced; nothing but that is allowed meanwhile. */
  readonly mustChangePassword: boolean;
}

/** The caller as the audit log names them. */
export function actorOf(caller: Pick<Caller, 'userId' | 'userName' | 'channel'>): Actor {
  return { id: caller.userId, name: caller.userName, channel: caller.channel };
}

/** The caller as operations, releases and services name them: people know one another by name, not by login. */
export function personOf(caller: Pick<Caller, 'userId' | 'userName' | 'displayName' | 'channel'>): Actor {
  const { userId: id, userName: username, displayName: name, channel } = caller;
  return { id, name, ...(username !== name && { username }), channel };
}
