import { missing, type Candidate, type Member, type RoleBinding, type User } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Database, Tx } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type Visit } from '../edge/visit.js';
import type { ProjectStore } from '../projects/projects.store.pg.js';
import { forbidden } from '../rights/rights.js';
import { checkNewPassword, type Passwords } from '../session/passwords.js';
import type { SessionStore } from '../session/session.store.pg.js';
import type { TokenStore } from '../session/token.store.pg.js';
import { aboveOwn, changedBindings } from './above.js';
import { changeText, distinct, losesLastAdmin, withProjectRoles, type ProjectRole } from './members.js';
import type { MemberStore, UserFilter } from './members.store.pg.js';

const maxCandidates = 20;

export interface MemberServiceOptions {
  readonly database: Pick<Database, 'query' | 'transaction'>;
  readonly members: MemberStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly projects: ProjectStore;
  readonly passwords: Passwords;
  readonly audit: AuditStore;
  readonly clock: Clock;
}

/** Users and their roles. */
export class MemberService {
  constructor(private readonly with_: MemberServiceOptions) {}

  list(filter: UserFilter): Promise<User[]> {
    return this.with_.members.list(this.with_.database, filter);
  }

  /** @throws ProblemError `user_exists`, `weak_password`, `forbidden` for a role above the own */
  async create(
    wanted: {
      username: string;
      name: string;
      password: string;
      bindings: readonly RoleBinding[];
      sample?: string | undefined;
    },
    visit: Visit,
  ): Promise<User> {
    const { database, members, passwords, audit, clock } = this.with_;
    checkNewPassword(wanted.password, wanted.username);
    refuseAbove(visit, wanted.bindings);
    const passwordHash = await passwords.hash(wanted.password);
    const id = randomUUID();
    return database.transaction(async (tx) => {
      await members.lock(tx);
      const { username, name, sample } = wanted;
      if (await members.isTaken(tx, username)) throw refuse('user_exists', { username });
      const at = clock.now();
      const bindings = distinct(wanted.bindings);
      const user = { id, username, name, passwordHash, mustChangePassword: true, at, sample };
      await members.add(tx, user, bindings, { username: visit.caller.userName, at });
      await audit.append(tx, [entryOf(visit, 'done', { target: told(username, changeText([], bindings)) })], at);
      return (await members.get(tx, id)) as User;
    });
  }

  /** @throws ProblemError `not_found`, `last_admin`, `forbidden` when a role above the own is given or taken */
  async setBindings(id: string, bindings: readonly RoleBinding[], cause: string | null, visit: Visit): Promise<User> {
    return this.change(id, visit, cause, async (tx, user) => {
      const { members, clock } = this.with_;
      refuseAbove(visit, changedBindings(user.bindings as RoleBinding[], bindings));
      if (losesLastAdmin(await members.adminsAnd(tx, id), id, { bindings })) throw refuse('last_admin');
      const by = { username: visit.caller.userName, at: clock.now() };
      await members.setBindings(tx, id, distinct(bindings), by);
      return told(user.username, changeText(user.bindings as RoleBinding[], bindings));
    });
  }

  /**
   * Shuts a user out: sessions and own tokens end with the commit.
   * @throws ProblemError `not_found`, `last_admin`, `not_yourself`, `forbidden` for somebody with a role above the own
   */
  async deactivate(id: string, cause: string | null, visit: Visit): Promise<User> {
    if (id === visit.caller.userId) throw refuse('not_yourself');
    return this.change(id, visit, cause, async (tx, user) => {
      const { members, sessions, tokens, clock } = this.with_;
      refuseAbove(visit, user.bindings as RoleBinding[]);
      if (losesLastAdmin(await members.adminsAnd(tx, id), id, { active: false })) throw refuse('last_admin');
      await members.setActive(tx, id, false);
      await sessions.endOthers(tx, id, null);
      await tokens.endOf(tx, id, clock.now());
      return user.username;
    });
  }

  /** @throws ProblemError `not_found`, `forbidden` for somebody with a role above the own */
  async activate(id: string, cause: string | null, visit: Visit): Promise<User> {
    return this.change(id, visit, cause, async (tx, user) => {
      refuseAbove(visit, user.bindings as RoleBinding[]);
      await this.with_.members.setActive(tx, id, true);
      return user.username;
    });
  }

  /**
   * A temporary password; all sessions of the old one end.
   * @throws ProblemError `not_found`, `weak_password`, `forbidden` for somebody with a role above the own
   */
  async resetPassword(id: string, password: string, cause: string | null, visit: Visit): Promise<User> {
    const { passwords, sessions } = this.with_;
    const hash = await passwords.hash(password);
    return this.change(id, visit, cause, async (tx, user) => {
      refuseAbove(visit, user.bindings as RoleBinding[]);
      checkNewPassword(password, user.username);
      await sessions.setPassword(tx, id, hash);
      await sessions.endOthers(tx, id, null);
      return user.username;
    });
  }

  /** Who has roles in the project. */
  async membersOf(slug: string, page: { after: string; limit: number }): Promise<Member[]> {
    const { database, members, projects } = this.with_;
    return members.membersOf(database, { slug, tenant: await projects.tenantOf(database, slug) }, page);
  }

  candidates(text: string): Promise<Candidate[]> {
    return this.with_.members.candidates(this.with_.database, text, maxCandidates);
  }

  /** @throws ProblemError `not_found`, `forbidden` where the caller does not reach */
  async setMember(
    { project, username }: { project: string; username: string },
    wanted: readonly ProjectRole[],
    cause: string | null,
    visit: Visit,
  ): Promise<Member> {
    const { database, members, projects, audit, clock } = this.with_;
    return database.transaction(async (tx) => {
      await members.lock(tx);
      const user = await members.byName(tx, username);
      if (!user) throw refuse('not_found', missing('user'));
      const before = user.bindings as RoleBinding[];
      const change = withProjectRoles(before, project, wanted, visit.scopes);
      if (change.kind === 'beyond')
        throw forbidden(visit.caller, 'member.manage', {
          project,
          ...(change.environment && { environment: change.environment }),
        });
      const at = clock.now();
      await members.setBindings(tx, user.id, change.bindings, { username: visit.caller.userName, at });
      const target = told(`${project}/members/${username}`, changeText(before, change.bindings));
      await audit.append(tx, [entryOf(visit, 'done', { target, cause })], at);
      const of = { slug: project, tenant: await projects.tenantOf(tx, project) };
      const [member] = await members.membersOf(tx, of, { username });
      return member as Member;
    });
  }

  /** One change of a user with its audit row; `work` gives the target of the row. */
  private async change(
    id: string,
    visit: Visit,
    cause: string | null,
    work: (tx: Tx, user: User) => Promise<string>,
  ): Promise<User> {
    const { database, members, audit, clock } = this.with_;
    return database.transaction(async (tx) => {
      await members.lock(tx);
      const user = await members.get(tx, id);
      if (!user) throw refuse('not_found', missing('user'));
      const target = await work(tx, user);
      await audit.append(tx, [entryOf(visit, 'done', { target, cause })], clock.now());
      return (await members.get(tx, id)) as User;
    });
  }
}

/** @throws ProblemError `forbidden` when one of the roles is above the caller's own */
function refuseAbove({ caller }: Visit, bindings: readonly RoleBinding[]): void {
  const above = aboveOwn(caller.bindings, bindings);
  if (above) throw forbidden(caller, above.permission, above.asked);
}

/** Target of an audit row about roles: whose, and what became of them. */
function told(whose: string, change: string): string {
  return (change === '' ? whose : `${whose}/${change}`).slice(0, 500);
}
