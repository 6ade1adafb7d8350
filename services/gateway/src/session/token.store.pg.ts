import type { RoleBinding, Token } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';

type Reader = Pick<Tx, 'query'>;

/** A usable token with whom it stands for as they are now. */
export interface FoundToken {
  readonly id: string;
  readonly name: string;
  /** What a machine may do; null for a token that acts as a user. */
  readonly permission: string | null;
  /** The only source that a machine may push for. */
  readonly source: string | null;
  readonly lastUsedAt: Date | null;
  readonly user: TokenUser | null;
}

export interface TokenUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly mustChangePassword: boolean;
  readonly bindings: readonly RoleBinding[];
}

export interface NewToken {
  readonly id: string;
  readonly name: string;
  readonly permission: string | null;
  readonly source: string | null;
  /** Whom it acts as; null for a machine. */
  readonly userId: string | null;
  readonly tokenHash: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

interface Row extends Omit<Token, 'createdAt' | 'expiresAt' | 'lastUsedAt'> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Key of the last row of the page before. */
export type TokenKey = readonly [createdAt: string, id: string];

/** Table `machine_token`: tokens of machines and of people's scripts. */
export class TokenStore {
  async find(reader: Reader, tokenHash: string, now: Date): Promise<FoundToken | undefined> {
    const [row] = await reader.query<FoundToken>(
      `select t.id, t.name, t.permission, t.source, t.last_used_at as "lastUsedAt",
              case when u.id is not null then jsonb_build_object(
                'id', u.id, 'username', u.username, 'name', u.name, 'mustChangePassword', u.must_change_password,
                'bindings', coalesce((select jsonb_agg(jsonb_build_object('role', b.role, 'scope', b.scope))
                                        from role_binding b where b.user_id = u.id), '[]')) end as user
         from machine_token t left join app_user u on u.id = t.user_id and u.active
        where t.token_hash = $1 and t.expires_at > $2 and (t.user_id is null or u.id is not null)`,
      [tokenHash, now],
    );
    return row;
  }

  async add(tx: Reader, token: NewToken): Promise<void> {
    await tx.query(
      `insert into machine_token (id, name, permission, source, user_id, token_hash, created_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        token.id,
        token.name,
        token.permission,
        token.source,
        token.userId,
        token.tokenHash,
        token.createdBy,
        token.createdAt,
        token.expiresAt,
      ],
    );
  }

  async touch(reader: Reader, id: string, at: Date): Promise<void> {
    await reader.query('update machine_token set last_used_at = $2 where id = $1', [id, at]);
  }

  /** Newest first: of one user, or all. */
  async list(
    reader: Reader,
    filter: { userId: string | null; after?: TokenKey | undefined; limit: number; now: Date },
  ): Promise<Token[]> {
    const rows = await reader.query<Row>(
      `select t.id, t.name, t.permission, t.source, coalesce(u.username, t.created_by) as "createdBy",
              t.created_at as "createdAt", t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt",
              t.expires_at > $4 and (t.user_id is null or u.active) as usable
         from machine_token t left join app_user u on u.id = coalesce(t.user_id, t.created_by)
        where ($1::text is null or t.user_id = $1)
          and ($2::timestamptz is null or (date_trunc('milliseconds', t.created_at, 'UTC'), t.id) < ($2, $3::text))
        order by date_trunc('milliseconds', t.created_at, 'UTC') desc, t.id desc limit $5`,
      [filter.userId, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.now, filter.limit],
    );
    return rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    }));
  }

  /** Ends a token, of this user when one is given. Its name, or undefined when there is none that can be ended. */
  async end(tx: Reader, id: string, userId: string | null, now: Date): Promise<string | undefined> {
    const [row] = await tx.query<{ name: string }>(
      `update machine_token set expires_at = $3
        where id = $1 and expires_at > $3 and ($2::text is null or user_id = $2) returning name`,
      [id, userId, now],
    );
    return row?.name;
  }

  /** Ends all tokens that act as the user. */
  async endOf(tx: Reader, userId: string, now: Date): Promise<void> {
    await tx.query('update machine_token set expires_at = $2 where user_id = $1 and expires_at > $2', [userId, now]);
  }
}
