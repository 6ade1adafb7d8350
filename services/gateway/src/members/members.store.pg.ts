import type { Candidate, GivenBinding, Member, RoleBinding, User } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';
import type { MemberBindings } from './members.js';

type Reader = Pick<Tx, 'query'>;

interface Row extends Omit<User, 'lastLoginAt' | 'bindings'> {
  lastLoginAt: Date | null;
  bindings: GivenBinding[];
}

const bindingsWhere = (condition: string) => `
  coalesce((select jsonb_agg(jsonb_build_object('role', b.role, 'scope', b.scope, 'givenBy', b.given_by,
                               'givenAt', to_char(b.given_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                             order by b.scope, b.role)
              from role_binding b where b.user_id = u.id and ${condition}), '[]')`;

const columns = `
  u.id, u.username, u.name, u.active, u.must_change_password as "mustChangePassword", u.sample, u.last_login_at as "lastLoginAt",
  (select count(*) from session s where s.user_id = u.id) as sessions, ${bindingsWhere('true')} as bindings`;

/** Who gave roles, and when. */
export interface Giver {
  readonly username: string;
  readonly at: Date;
}

export interface UserFilter {
  readonly text?: string | undefined;
  readonly active?: boolean | undefined;
  readonly after: string;
  readonly limit: number;
}

/** Tables `app_user` and `role_binding`. */
export class MemberStore {
  /** Makes changes of users and roles one after another, in all copies, until the commit. */
  async lock(tx: Reader): Promise<void> {
    await tx.query('lock table app_user, role_binding in share row exclusive mode');
  }

  async hasAny(reader: Reader): Promise<boolean> {
    return (await reader.query('select 1 from app_user limit 1')).length > 0;
  }

  /** By user name. */
  async list(reader: Reader, { text, active, after, limit }: UserFilter): Promise<User[]> {
    const rows = await reader.query<Row>(
      `select ${columns} from app_user u
        where u.username > $1 and ($2::boolean is null or u.active = $2)
          and ($3::text is null or strpos(u.username, lower($3)) > 0 or strpos(lower(u.name), lower($3)) > 0)
        order by u.username limit $4`,
      [after, active ?? null, text ?? null, limit],
    );
    return rows.map(toUser);
  }

  /** Users with roles in the project or of its business line, by user name. */
  async membersOf(
    reader: Reader,
    { slug, tenant }: { slug: string; tenant: string | undefined },
    filter: { after: string; limit: number } | { username: string },
  ): Promise<Member[]> {
    const inherited = tenant === undefined ? null : `tenant:${tenant}`;
    const rows = await reader.query<Omit<Member, 'lastLoginAt'> & { lastLoginAt: Date | null }>(
      `select u.username, u.name, u.active, u.last_login_at as "lastLoginAt",
              ${bindingsWhere('(b.scope in ($1, $2) or starts_with(b.scope, $3))')} as bindings
         from app_user u
        where ($4::text is null or u.username = $4) and u.username > $5
          and ($4::text is not null or exists (select 1 from role_binding b where b.user_id = u.id
                and (b.scope in ($1, $2) or starts_with(b.scope, $3))))
        order by u.username limit $6`,
      [
        `project:${slug}`,
        inherited,
        `environment:${slug}/`,
        'username' in filter ? filter.username : null,
        'username' in filter ? '' : filter.after,
        'username' in filter ? 1 : filter.limit,
      ],
    );
    return rows.map((row) => ({
      ...row,
      lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
      bindings: row.bindings.map((binding) => ({ ...binding, inherited: binding.scope === inherited })),
    }));
  }

  /** Active users whose user name or name has the text. */
  async candidates(reader: Reader, text: string, limit: number): Promise<Candidate[]> {
    return reader.query<Candidate>(
      `select username, name from app_user
        where active and (strpos(username, lower($1)) > 0 or strpos(lower(name), lower($1)) > 0)
        order by username limit $2`,
      [text, limit],
    );
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

  /** Adds a user; people must change their first password. Without a giver the installation gave the roles. */
  async add(
    tx: Reader,
    user: {
      id: string;
      username: string;
      name: string;
      passwordHash: string;
      mustChangePassword: boolean;
      at: Date;
      /** Source of the sample that the account belongs to. */
      sample?: string | undefined;
    },
    bindings: readonly RoleBinding[],
    by: Giver | null = null,
  ): Promise<void> {
    await tx.query(
      `insert into app_user (id, username, name, password_hash, must_change_password, created_at, sample)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [user.id, user.username, user.name, user.passwordHash, user.mustChangePassword, user.at, user.sample ?? null],
    );
    await this.setBindings(tx, user.id, bindings, by);
  }

  async addBinding(tx: Reader, userId: string, { role, scope }: RoleBinding): Promise<void> {
    await tx.query('insert into role_binding (user_id, role, scope) values ($1, $2, $3) on conflict do nothing', [
      userId,
      role,
      scope,
    ]);
  }

  async setActive(tx: Reader, userId: string, active: boolean): Promise<void> {
    await tx.query('update app_user set active = $2 where id = $1', [userId, active]);
  }

  /** Replaces the roles of a user. Those that stay keep who gave them. */
  async setBindings(
    tx: Reader,
    userId: string,
    bindings: readonly RoleBinding[],
    by: Giver | null = null,
  ): Promise<void> {
    const given = [bindings.map(({ role }) => role), bindings.map(({ scope }) => scope)];
    await tx.query(
      `delete from role_binding b where user_id = $1 and not exists (
         select 1 from unnest($2::text[], $3::text[]) as given (role, scope)
          where given.role = b.role and given.scope = b.scope)`,
      [userId, ...given],
    );
    await tx.query(
      `insert into role_binding (user_id, role, scope, given_by, given_at)
       select $1, role, scope, $4, $5 from unnest($2::text[], $3::text[]) as given (role, scope)
       on conflict do nothing`,
      [userId, ...given, by?.username ?? null, by?.at ?? null],
    );
  }
}

function toUser(row: Row): User {
  return { ...row, lastLoginAt: row.lastLoginAt?.toISOString() ?? null };
}
