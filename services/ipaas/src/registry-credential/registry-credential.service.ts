import { problemOf } from '@berth/api';
import type { Problem, ServiceSpec } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Database, type Tx } from '@berth/platform/postgres';
import { Seal } from '@berth/platform/seal';
import { Injectable } from '@nestjs/common';
import type { CredentialRow, CredentialScope, RegistryLogin } from './registry-credential.js';
import { RegistryCredentialStore } from './registry-credential.store.pg.js';

/** Logins of private registries. Passwords come in over HTTP; they leave for their registry and into clusters. */
@Injectable()
export class RegistryCredentialService {
  constructor(
    private readonly database: Database,
    private readonly store: RegistryCredentialStore,
    private readonly seal: Seal,
    private readonly clock: Clock,
  ) {}

  list(scope: CredentialScope): Promise<CredentialRow[]> {
    return this.store.list(this.database, scope);
  }

  async put(
    scope: CredentialScope,
    name: string,
    given: { readonly registry: string; readonly userName: string; readonly password: string },
    by: string,
  ): Promise<CredentialRow> {
    const { registry, userName, password } = given;
    const row = await this.database.transaction(async (tx) => {
      const seal = (version: number) => this.seal.seal(password, boundTo(scope, name, version));
      await this.store.save(tx, scope, { name, registry, userName, by }, seal, this.clock.now());
      return this.store.one(tx, scope, name);
    });
    if (!row) throw new TypeError(`the registry credential ${name} was not written`);
    return row;
  }

  /** @throws ProblemError while a service uses it. */
  async remove(scope: CredentialScope, name: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.store.lock(tx, scope, name);
      const row = await this.store.one(tx, scope, name);
      if (!row) throw new ProblemError(unknown(scope, name));
      if (row.usedBy.length > 0) throw refuse('credential_in_use', { name, services: row.usedBy.join(', ') });
      await this.store.remove(tx, scope, name);
    });
  }

  /** Asked again when a change is made: the credential is held until it is. */
  async whyNotUsable(
    tx: Tx,
    scope: CredentialScope,
    spec: Pick<ServiceSpec, 'registryCredential'>,
  ): Promise<Problem | null> {
    const name = spec.registryCredential;
    if (!name || (await this.store.lock(tx, scope, name))) return null;
    return unknown(scope, name);
  }

  /** @throws ProblemError when there is none of this name. */
  async open(scope: CredentialScope, name: string): Promise<RegistryLogin> {
    const row = await this.store.sealed(this.database, scope, name);
    if (!row) throw new ProblemError(unknown(scope, name));
    const { registry, userName, version } = row;
    return { registry, userName, version, password: this.seal.open(row.sealed, boundTo(scope, name, version)) };
  }
}

function unknown({ project, environment }: CredentialScope, name: string): Problem {
  return problemOf('unknown_registry_credential', { name, project, environment });
}

/** A sealed password opens only as the very version of the very name it was sealed for. */
function boundTo({ project, environment }: CredentialScope, name: string, version: number): string {
  return `registry_credential/${project}/${environment}/${name}/${version}`;
}
