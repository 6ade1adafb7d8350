import type { EnvironmentName } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { SealedValue } from '@berth/platform/seal';
import { Injectable } from '@nestjs/common';
import type { CredentialRow, CredentialScope } from './registry-credential.js';

type Reading = Pick<Tx, 'query'>;

const columns = `c.name, c.registry, c.user_name as "userName", c.version, c.updated_at as "updatedAt", c.updated_by as "updatedBy",
  array(select s.code from service s where s.project = c.project and s.environment = c.environment and exists (
    select from service_release r where r.service_uid = s.uid and r.spec ->> 'registryCredential' = c.name
      and r.number in (s.live_release, s.target_release, s.candidate_release)) order by s.code) as "usedBy"`;

/** Table `registry_credential`: one sealed login for each name in an environment of a project. */
@Injectable()
export class RegistryCredentialStore {
  list(tx: Reading, { project, environment }: CredentialScope): Promise<CredentialRow[]> {
    return tx.query<CredentialRow>(
      `select ${columns} from registry_credential c where c.project = $1 and c.environment = $2 order by c.name`,
      [project, environment],
    );
  }

  async one(tx: Reading, { project, environment }: CredentialScope, name: string): Promise<CredentialRow | null> {
    const [row] = await tx.query<CredentialRow>(
      `select ${columns} from registry_credential c where c.project = $1 and c.environment = $2 and c.name = $3`,
      [project, environment, name],
    );
    return row ?? null;
  }

  /** Holds the row until the transaction ends: who refers to it, and who deletes it, come one after another. */
  async lock(tx: Tx, { project, environment }: CredentialScope, name: string): Promise<{ version: number } | null> {
    const [row] = await tx.query<{ version: number }>(
      'select version from registry_credential where project = $1 and environment = $2 and name = $3 for update',
      [project, environment, name],
    );
    return row ?? null;
  }

  /** A new login, or another in the place of the one of this name; `seal` seals for exactly the version it gets. */
  async save(
    tx: Tx,
    { project, environment }: CredentialScope,
    given: { readonly name: string; readonly registry: string; readonly userName: string; readonly by: string },
    seal: (version: number) => SealedValue,
    now: Date,
  ): Promise<void> {
    const { name, registry, userName, by } = given;
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `registry credential ${project}/${environment}/${name}`,
    ]);
    const version = ((await this.lock(tx, { project, environment }, name))?.version ?? 0) + 1;
    await tx.query(
      `insert into registry_credential (project, environment, name, registry, user_name, version, sealed, updated_by, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (project, environment, name) do update set registry = $4, user_name = $5, version = $6, sealed = $7,
         updated_by = $8, updated_at = $9`,
      [project, environment, name, registry, userName, version, JSON.stringify(seal(version)), by, now],
    );
    await this.tell(tx);
  }

  async remove(tx: Tx, { project, environment }: CredentialScope, name: string): Promise<void> {
    await tx.query('delete from registry_credential where project = $1 and environment = $2 and name = $3', [
      project,
      environment,
      name,
    ]);
    await this.tell(tx);
  }

  async sealed(
    tx: Reading,
    { project, environment }: CredentialScope,
    name: string,
  ): Promise<{ registry: string; userName: string; version: number; sealed: SealedValue } | null> {
    const [row] = await tx.query<{ registry: string; userName: string; version: number; sealed: unknown }>(
      `select registry, user_name as "userName", version, sealed from registry_credential
       where project = $1 and environment = $2 and name = $3`,
      [project, environment, name],
    );
    return row ? { ...row, sealed: SealedValue.parse(row.sealed) } : null;
  }

  /** Which versions there are, everywhere: what clusters' copies are compared with. */
  versions(tx: Reading): Promise<{ project: string; environment: EnvironmentName; name: string; version: number }[]> {
    return tx.query('select project, environment, name, version from registry_credential');
  }

  /** Every cluster's holder reads targets and credentials together. */
  private async tell(tx: Tx): Promise<void> {
    await tx.query(`select pg_notify('ipaas_target', '')`);
  }
}
