import type { RoleBinding } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import { absoluteMs, idleMs, type SessionTimes } from './session.js';

type Reader = Pick<Tx, 'query'>;

/** A session with its user and the user's roles as they are now. */
export interface SessionRow extends SessionTimes {
  readonly id: string;
  readonly userId: string;
  readonly username: string;
  readonly name: string;
  readonly mustChangePassword: boolean;
  readonly bindings: RoleBinding[];
}

export interface Account {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly mustChangePassword: boolean;
}

/** A session as its user sees it. */
export interface ListedSession extends SessionTimes {
  readonly id: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Table `session` and what a login needs of `app_user`. */
export class SessionStore {
  async find(reader: Reader, tokenHash: string): Promise<SessionRow | undefined> {
    const [row] = await reader.query<SessionRow>(
      `select s.id, s.created_at as "createdAt", s.seen_at as "seenAt", u.id as "userId", u.username, u.name,
              u.must_change_password as "mustChangePassword",
              coalesce((select jsonb_agg(jsonb_build_object('role', b.role, 'scope', b.scope) order by b.scope, b.role)
                          from role_binding b where b.user_id = u.id), '[]') as bindings
         from session s join app_user u on u.id = s.user_id
        where s.token_hash = $1 and u.active`,
      [tokenHash],
    );
    return row;
  }

  async add(
    tx: Reader,
    session: { id: string; tokenHash: string; userId: string; address: string; userAgent: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      `insert into session (id, token_hash, user_id, address, user_agent, created_at, seen_at)
       values ($1, $2, $3, $4, $5, $6, $6)`,
      [session.id, session.tokenHash, session.userId, session.address, session.userAgent, session.at],
    );
  }

  /**
   * Marks a login with this password. False when it is not the user's any more. Waits for a change that is under way, so
   * that no session of the old password is left after it.
   */
  async markLogin(tx: Reader, userId: string, passwordHash: string, at: Date): Promise<boolean> {
    const rows = await tx.query(
      'update app_user set last_login_at = $3 where id = $1 and password_hash = $2 and active returning id',
      [userId, passwordHash, at],
    );
    return rows.length > 0;
  }

  async touch(reader: Reader, id: string, at: Date): Promise<void> {
    await reader.query('update session set seen_at = greatest(seen_at, $2) where id = $1', [id, at]);
  }

  async end(tx: Reader, id: string): Promise<void> {
    await tx.query('delete from session where id = $1', [id]);
  }

  /** Ends one session of the user. False when there is none. */
  async endOf(tx: Reader, userId: string, id: string): Promise<boolean> {
    const rows = await tx.query('delete from session where user_id = $1 and id = $2 returning id', [userId, id]);
    return rows.length > 0;
  }

  /** Sessions of a user, the one used last first. */
  async list(reader: Reader, userId: string): Promise<ListedSession[]> {
    return reader.query<ListedSession>(
      `select id, address, user_agent as "userAgent", created_at as "createdAt", seen_at as "seenAt"
         from session where user_id = $1 order by seen_at desc, id limit 200`,
      [userId],
    );
  }

  /** Ends all sessions of a user but the one. */
  async endOthers(tx: Reader, userId: string, keepId: string | null): Promise<void> {
    await tx.query('delete from session where user_id = $1 and id is distinct from $2', [userId, keepId]);
  }

  async removeEnded(reader: Reader, now: Date): Promise<void> {
    await reader.query('delete from session where created_at <= $1 or seen_at <= $2', [
      new Date(now.getTime() - absoluteMs),
      new Date(now.getTime() - idleMs),
    ]);
  }

  async account(reader: Reader, username: string): Promise<Account | undefined> {
    const [row] = await reader.query<Account>(
      `select id, username, name, password_hash as "passwordHash", must_change_password as "mustChangePassword"
         from app_user where username = $1 and active`,
      [username],
    );
    return row;
  }

  /** Replaces one's own password. False when it is not `before` any more: somebody else was faster. */
  async changePassword(tx: Reader, userId: string, before: string, passwordHash: string): Promise<boolean> {
    const rows = await tx.query(
      `update app_user set password_hash = $3, must_change_password = false
        where id = $1 and password_hash = $2 returning id`,
      [userId, before, passwordHash],
    );
    return rows.length > 0;
  }

  /** Gives a user a new first password: it is changed before anything else. */
  async setPassword(tx: Reader, userId: string, passwordHash: string): Promise<void> {
    await tx.query('update app_user set password_hash = $2, must_change_password = true where id = $1', [
      userId,
      passwordHash,
    ]);
  }
}
