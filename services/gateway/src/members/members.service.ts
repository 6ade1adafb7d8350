import type { RoleBinding, User } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type Visit } from '../edge/visit.js';
import { checkNewPassword, type Passwords } from '../session/passwords.js';
import { distinct, losesLastAdmin } from './members.js';
import type { MemberStore } from './members.store.pg.js';

/** Users and their roles. */
export class MemberService {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly members: MemberStore,
    private readonly passwords: Passwords,
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  list(after: string, limit: number): Promise<User[]> {
    return this.members.list(this.database, after, limit);
  }

  /** @throws ProblemError `user_exists`, `weak_password` */
  async create(
    wanted: { username: string; name: string; password: string; bindings: readonly RoleBinding[] },
    visit: Visit,
  ): Promise<User> {
    checkNewPassword(wanted.password, wanted.username);
    const passwordHash = await this.passwords.hash(wanted.password);
    const id = randomUUID();
    return this.database.transaction(async (tx) => {
      await this.members.lock(tx);
      const { username, name } = wanted;
      if (await this.members.isTaken(tx, username)) throw refuse('user_exists', { username });
      const at = this.clock.now();
      await this.members.add(
        tx,
        { id, username, name, passwordHash, mustChangePassword: true, at },
        distinct(wanted.bindings),
      );
      await this.audit.append(tx, [entryOf(visit, 'done', { target: username })], at);
      return (await this.members.get(tx, id)) as User;
    });
  }

  /** @throws ProblemError `not_found`, `last_admin` */
  async setBindings(id: string, bindings: readonly RoleBinding[], visit: Visit): Promise<User> {
    return this.database.transaction(async (tx) => {
      await this.members.lock(tx);
      const user = await this.members.get(tx, id);
      if (!user) throw refuse('not_found', { what: 'user' });
      if (losesLastAdmin(await this.members.adminsAnd(tx, id), id, bindings)) throw refuse('last_admin');
      await this.members.setBindings(tx, id, distinct(bindings));
      await this.audit.append(tx, [entryOf(visit, 'done', { target: user.username })], this.clock.now());
      return (await this.members.get(tx, id)) as User;
    });
  }
}
