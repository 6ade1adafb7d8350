import { problemOf } from '@berth/api';
import type { Problem, ServiceSpec } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Database, type Tx } from '@berth/platform/postgres';
import { Seal } from '@berth/platform/seal';
import { Injectable } from '@nestjs/common';
import { SecretStore, type SecretRow } from './secret.store.pg.js';

/** Sealed variables of services. Values come in over HTTP and leave only into a cluster. */
@Injectable()
export class SecretService {
  constructor(
    private readonly database: Database,
    private readonly store: SecretStore,
    private readonly seal: Seal,
    private readonly clock: Clock,
  ) {}

  async put(key: string, name: string, value: string, createdBy: string): Promise<SecretRow> {
    const secret = { key, name, createdBy, now: this.clock.now() };
    return this.database.transaction((tx) =>
      this.store.append(tx, secret, (version) => this.seal.seal(value, boundTo(key, name, version))),
    );
  }

  async list(key: string): Promise<SecretRow[]> {
    return this.store.list(this.database, key);
  }

  /** The first variable whose secret does not exist, as a problem, or null. */
  async whyNotUsable(
    tx: Pick<Tx, 'query'>,
    key: string,
    spec: Pick<ServiceSpec, 'variables'>,
  ): Promise<Problem | null> {
    const wanted = spec.variables.flatMap((variable) => ('secret' in variable ? [variable.secret] : []));
    const existing = await this.store.existing(tx, key, wanted);
    const missing = wanted.find(({ name, version }) => !existing.has(`${name}/${version}`));
    return missing ? problemOf('unknown_secret', { name: missing.name, version: missing.version }) : null;
  }

  /** The value, for the moment it is written into a cluster. @throws SealBroken, or Error when there is no such version. */
  async open(tx: Pick<Tx, 'query'>, serviceUid: string, name: string, version: number): Promise<string> {
    const row = await this.store.sealed(tx, serviceUid, name, version);
    if (!row) throw new Error(`there is no version ${version} of the secret ${name}`);
    return this.seal.open(row.sealed, boundTo(row.key, name, version));
  }
}

/** A sealed value opens only as the very version it was sealed for. */
function boundTo(key: string, name: string, version: number): string {
  return `service_secret/${key}/${name}/${version}`;
}
