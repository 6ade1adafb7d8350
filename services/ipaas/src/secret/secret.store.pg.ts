import type { Tx } from '@berth/platform/postgres';
import { SealedValue } from '@berth/platform/seal';
import { Injectable } from '@nestjs/common';

export interface SecretRow {
  readonly name: string;
  readonly version: number;
  readonly createdAt: Date;
}

/**
 * Table `service_secret`: sealed values by scope path, so that a value can be entered before the first deploy. A version is
 * never changed; all go with the service.
 */
@Injectable()
export class SecretStore {
  /** Writes the next version of the name, sealed for exactly that version. */
  async append(
    tx: Tx,
    secret: { readonly key: string; readonly name: string; readonly createdBy: string; readonly now: Date },
    seal: (version: number) => SealedValue,
  ): Promise<SecretRow> {
    // Versions of one name are given one after another, also by two copies at once.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`secret ${secret.key} ${secret.name}`]);
    const last = await tx.query<{ last: number }>(
      'select coalesce(max(version), 0) as last from service_secret where key = $1 and name = $2',
      [secret.key, secret.name],
    );
    const version = (last[0]?.last ?? 0) + 1;
    await tx.query(
      'insert into service_secret (key, name, version, sealed, created_by, created_at) values ($1, $2, $3, $4, $5, $6)',
      [secret.key, secret.name, version, JSON.stringify(seal(version)), secret.createdBy, secret.now],
    );
    return { name: secret.name, version, createdAt: secret.now };
  }

  /** The newest version of each name. */
  async list(tx: Pick<Tx, 'query'>, key: string): Promise<SecretRow[]> {
    return tx.query<SecretRow>(
      `select distinct on (name) name, version, created_at as "createdAt" from service_secret where key = $1
       order by name, version desc`,
      [key],
    );
  }

  /** Which of the versions exist, as `name/version`. */
  async existing(
    tx: Pick<Tx, 'query'>,
    key: string,
    wanted: readonly { readonly name: string; readonly version: number }[],
  ): Promise<Set<string>> {
    if (wanted.length === 0) return new Set();
    const rows = await tx.query<{ name: string; version: number }>(
      `select name, version from service_secret
       where key = $1 and (name, version) in (select * from unnest($2::text[], $3::int[]))`,
      [key, wanted.map(({ name }) => name), wanted.map(({ version }) => version)],
    );
    return new Set(rows.map(({ name, version }) => `${name}/${version}`));
  }

  async sealed(
    tx: Pick<Tx, 'query'>,
    serviceUid: string,
    name: string,
    version: number,
  ): Promise<{ key: string; sealed: SealedValue } | null> {
    const rows = await tx.query<{ key: string; sealed: unknown }>(
      `select x.key, x.sealed from service s join service_secret x on x.key = s.key
       where s.uid = $1 and x.name = $2 and x.version = $3`,
      [serviceUid, name, version],
    );
    const row = rows[0];
    return row ? { key: row.key, sealed: SealedValue.parse(row.sealed) } : null;
  }

  async removeAll(tx: Tx, key: string): Promise<void> {
    await tx.query('delete from service_secret where key = $1', [key]);
  }
}
