import type { RoleBinding, User } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import type { MemberBindings } from './members.js';

type Reader = Pick<Tx, 'query'>;

interface Row extends Omit<User, 'lastLoginAt'> {
  lastLoginAt: Date | null;
}

const columns = `
  u.id, u.username, u.name, u.active, u.must_change_password as "mustChangePassword", u.last_login_at as "lastLoginAt",
  coalesce((select jsonb_agg(jsonb_build_object('role', b.role, 'scope', b.scope) order by b.scope, b.role)
              from role_binding b where b.user_id = u.id), '[]') as bindings`;

/** Tables `app_user` and `role_binding`. */
export class MemberStore {
  /** Makes changes of users and roles one after another, in all copies, until the commit. */
  async lock(tx: Reader): Promise<void> {
    await tx.query('lock table app_user, role_binding in share row exclusive mode');
  }

  async hasAny(reader: Reader): Promise<boolean> {
    return (await reader.query('select 1 from app_user limit 1')).length > 0;
  }

  /** By user name, above `after`. */
  async list(reader: Reader, after: string, limit: number): Promise<User[]> {
    const rows = await reader.query<Row>(
      `select ${columns} from app_user u where u.username > $1 order by u.username limit $2`,
      [after, limit],
    );
    return rows.map(toUser);
  }

  async get(reader: Reader, id: string): Promise<User | undefined> {
    const [row] = await reader.query<Row>(`select ${columns} from app_user u where u.id = $1`, [id]);
    return row && toUser(row);
  }

  async byName(reader: Reader, username: string): Promise<User | undefined> {
    const [row] = await reader.query<Row>(`select ${columns} from app_user u where u.username = $1`, [username]);
    return row && toUser(row);
  }

  async isTaken(reader: Reader, username: string): Promise<boolean> {
    return (await reader.query('select 1 from app_user where username = $1', [username])).length > 0;
  }

  /** Everybody who has the role of a platform administrator, and the user. */
  async adminsAnd(reader: Reader, userId: string): Promise<MemberBindings[]> {
    return reader.query<MemberBindings>(
      `select u.id as "userId", u.active,
              jsonb_agg(jsonb_build_object('role', b.role, 'scope', b.scope)) filter (where b.role is not null) as bindings
         from app_user u join role_binding b on b.user_id = u.id
        where u.id = $1 or (b.role = 'platform-admin' and b.scope = 'platform')
        group by u.id`,
      [userId],
    );
  }

  /** Adds a user; people must change their first password. */
  async add(
    tx: Reader,
    user: {
      id: string;
      username: string;
      name: string;
      passwordHash: string;
      mustChangePassword: boolean;
      at: Date;
    },
    bindings: readonly RoleBinding[],
  ): Promise<void> {
    await tx.query(
      `insert into app_user (id, username, name, password_hash, must_change_password, created_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [user.id, user.username, user.name, user.passwordHash, user.mustChangePassword, user.at],
    );
    await this.setBindings(tx, user.id, bindings);
  }

  async addBinding(tx: Reader, userId: string, { role, scope }: RoleBinding): Promise<void> {
    await tx.query('insert into role_binding (user_id, role, scope) values ($1, $2, $3) on conflict do nothing', [
      userId,
      role,
      scope,
    ]);
  }

  async activate(tx: Reader, userId: string): Promise<void> {
    await tx.query('update app_user set active = true where id = $1', [userId]);
  }

  async setBindings(tx: Reader, userId: string, bindings: readonly RoleBinding[]): Promise<void> {
    await tx.query('delete from role_binding where user_id = $1', [userId]);
    await tx.query(
      'insert into role_binding (user_id, role, scope) select $1, role, scope from unnest($2::text[], $3::text[]) as given (role, scope)',
      [userId, bindings.map(({ role }) => role), bindings.map(({ scope }) => scope)],
    );
  }
}

function toUser(row: Row): User {
  return { ...row, lastLoginAt: row.lastLoginAt?.toISOString() ?? null };
}
