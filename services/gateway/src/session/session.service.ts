import { allows, missing, permissions, Username, type Me, type RoleBinding, type Session } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type PublicVisit, type Visit } from '../edge/visit.js';
import type { Attempts } from './attempts.js';
import { adminUsername } from './first-accounts.js';
import { checkNewPassword, type Passwords } from './passwords.js';
import { csrfTokenOf, endsAt, hashOfToken, isLive, newSessionToken } from './session.js';
import type { SessionStore } from './session.store.pg.js';

export interface SessionServiceOptions {
  readonly database: Pick<Database, 'query' | 'transaction'>;
  readonly sessions: SessionStore;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly audit: AuditStore;
  readonly clock: Clock;
  /** Told when the first administrator has chosen a password of their own. */
  readonly firstPasswordChanged: () => Promise<void>;
}

/** Logging in and out, passwords, sessions. */
export class SessionService {
  constructor(private readonly with_: SessionServiceOptions) {}

  /** @throws ProblemError `wrong_credentials`, `too_many_attempts` */
  async login(username: string, password: string, visit: PublicVisit): Promise<{ me: Me; token: string }> {
    const { database, sessions, passwords, attempts, audit, clock } = this.with_;
    // Passwords are typed into the wrong field, too: what cannot be a user name is not written anywhere.
    const name = Username.safeParse(username).success ? username : '?';
    await attempts.take(name, visit.address);
    const account = await sessions.account(database, name);
    const caller = {
      userId: account?.id ?? 'unknown',
      userName: name,
      channel: visit.channel,
    };
    if (!(await passwords.matches(account?.passwordHash, password)) || !account) {
      const refused = entryOf(asVisit(visit, caller), 'refused', {
        target: name,
        problemCode: 'wrong_credentials',
      });
      await database.transaction((tx) => audit.append(tx, [refused], clock.now()));
      throw refuse('wrong_credentials');
    }
    await attempts.forgive(name, visit.address);
    const token = newSessionToken();
    await database.transaction(async (tx) => {
      const at = clock.now();
      const id = randomUUID();
      if (!(await sessions.markLogin(tx, account.id, account.passwordHash, at))) throw refuse('wrong_credentials');
      const { address, userAgent } = visit;
      await sessions.add(tx, { id, tokenHash: hashOfToken(token), userId: account.id, address, userAgent, at });
      await audit.append(tx, [entryOf(asVisit(visit, caller), 'done', { target: name })], at);
    });
    return { me: await this.me(token), token };
  }

  /** @throws ProblemError `not_logged_in` */
  async me(token: string): Promise<Me> {
    const session = await this.with_.sessions.find(this.with_.database, hashOfToken(token));
    if (!session) throw refuse('not_logged_in');
    return {
      id: session.userId,
      username: session.username,
      name: session.name,
      mustChangePassword: session.mustChangePassword,
      bindings: session.bindings,
      platformPermissions: platformPermissions(session.bindings),
      csrfToken: csrfTokenOf(token),
    };
  }

  async logout(visit: Visit): Promise<void> {
    const { database, sessions, audit, clock } = this.with_;
    await database.transaction(async (tx) => {
      await sessions.end(tx, visit.caller.sessionId);
      await audit.append(tx, [entryOf(visit, 'done', { target: visit.caller.userName })], clock.now());
    });
  }

  /** Replaces the own password and ends all other sessions. @throws ProblemError `wrong_credentials`, `weak_password` */
  async changePassword(oldPassword: string, newPassword: string, visit: Visit): Promise<Me> {
    const { database, sessions, passwords, attempts, audit, clock } = this.with_;
    const { userId, userName, sessionId } = visit.caller;
    await attempts.take(userName, visit.address);
    const account = await sessions.account(database, userName);
    if (!account || !(await passwords.matches(account.passwordHash, oldPassword))) throw refuse('wrong_credentials');
    await attempts.forgive(userName, visit.address);
    checkNewPassword(newPassword, userName, oldPassword);
    const hashed = await passwords.hash(newPassword);
    await database.transaction(async (tx) => {
      if (!(await sessions.changePassword(tx, userId, account.passwordHash, hashed))) throw refuse('wrong_credentials');
      await sessions.endOthers(tx, userId, sessionId);
      await audit.append(tx, [entryOf(visit, 'done', { target: userName })], clock.now());
    });
    if (userName === adminUsername) await this.with_.firstPasswordChanged();
    return this.me(visit.sessionToken ?? '');
  }

  /** Where the caller is logged in. */
  async list({ caller }: Visit): Promise<Session[]> {
    const { database, sessions, clock } = this.with_;
    const rows = await sessions.list(database, caller.userId);
    return rows
      .filter((row) => isLive(row, clock.now()))
      .map((row) => ({
        id: row.id,
        current: row.id === caller.sessionId,
        address: row.address,
        userAgent: row.userAgent,
        createdAt: row.createdAt.toISOString(),
        seenAt: row.seenAt.toISOString(),
        endsAt: endsAt(row).toISOString(),
      }));
  }

  /** Logs the caller out somewhere else. @throws ProblemError `not_found` */
  async end(id: string, visit: Visit): Promise<void> {
    const { database, sessions, audit, clock } = this.with_;
    await database.transaction(async (tx) => {
      if (!(await sessions.endOf(tx, visit.caller.userId, id))) throw refuse('not_found', missing('session'));
      await audit.append(tx, [entryOf(visit, 'done', { target: visit.caller.userName })], clock.now());
    });
  }
}

function platformPermissions(bindings: readonly RoleBinding[]): Me['platformPermissions'] {
  return permissions.filter((permission) => allows(bindings, permission, {}));
}

function asVisit(visit: PublicVisit, who: Pick<Visit['caller'], 'userId' | 'userName' | 'channel'>) {
  const caller = { ...who, displayName: who.userName, sessionId: '', bindings: [], mustChangePassword: false };
  return { route: visit.route, address: visit.address, correlationId: visit.correlationId, caller };
}
