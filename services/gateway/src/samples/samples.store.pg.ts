import type { Tx } from '@berth/platform/postgres';

interface Account {
  readonly id: string;
  readonly username: string;
}

/** Accounts and tokens that belong to a sample. `sample_away` marks those that left with it, and only these come back. */
export class SampleStore {
  /** True when something of the sample is not as it should be after it was removed or restored. */
  async differs(tx: Tx, source: string, removed: boolean): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from app_user where sample = $1 and case when $2 then active else sample_away end
       union all select 1 from machine_token where source = $1 and $2 and expires_at > now() limit 1`,
      [source, removed],
    );
    return rows.length > 0;
  }

  /** Everybody but the last platform administrator there is: somebody must be able to restore it. */
  leave(tx: Tx, source: string): Promise<Account[]> {
    return tx.query<Account>(
      `update app_user u set active = false, sample_away = true
        where sample = $1 and active
          and (not exists (select from role_binding b where b.user_id = u.id and ${isAdmin})
            or exists (select from role_binding b join app_user o on o.id = b.user_id
                        where o.active and o.sample is distinct from $1 and ${isAdmin}))
       returning id, username`,
      [source],
    );
  }

  comeBack(tx: Tx, source: string): Promise<Account[]> {
    return tx.query<Account>(
      `update app_user set active = true, sample_away = false where sample = $1 and sample_away returning id, username`,
      [source],
    );
  }

  async endTokens(tx: Tx, source: string, now: Date): Promise<void> {
    await tx.query('update machine_token set expires_at = $2 where source = $1 and expires_at > $2', [source, now]);
  }
}

const isAdmin = `b.role = 'platform-admin' and b.scope = 'platform'`;
