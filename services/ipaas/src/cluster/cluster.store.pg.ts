import type { ClusterStateData } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { SealedValue } from '@berth/platform/seal';
import { Injectable } from '@nestjs/common';
import type { Cluster } from './cluster.js';

type Reading = Pick<Tx, 'query'>;

const columns = `name, display_name as "displayName", reach, phase, epoch,
  credential_name as "credentialName", credential_version as "credentialVersion"`;

/** Channel on which copies hear that a row of `cluster` changed; the payload is its name. */
export const clusterChannel = 'ipaas_cluster';

/** Tables `cluster` (as cluster-mgr says) and `cluster_credential` (sealed here). */
@Injectable()
export class ClusterStore {
  all(tx: Reading): Promise<Cluster[]> {
    return tx.query<Cluster>(`select ${columns} from cluster order by name`);
  }

  async byName(tx: Reading, name: string): Promise<Cluster | null> {
    const [row] = await tx.query<Cluster>(`select ${columns} from cluster where name = $1`, [name]);
    return row ?? null;
  }

  async save(tx: Tx, state: ClusterStateData): Promise<void> {
    await tx.query(
      `insert into cluster (name, display_name, reach, credential_name, credential_version, phase, epoch)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (name) do update set display_name = $2, reach = $3, credential_name = $4, credential_version = $5,
         phase = $6, epoch = $7, updated_at = clock_timestamp()`,
      [
        state.name,
        state.displayName,
        state.reach,
        state.credential.name,
        state.credential.version,
        state.phase,
        state.epoch,
      ],
    );
    await this.tell(tx, state.name);
  }

  /**
   * The cluster was unregistered: its sealed credential goes in every version, and what was wanted or seen there. Removals
   * that waited for it are over; their services are settled again.
   */
  async remove(tx: Tx, name: string): Promise<void> {
    await tx.query(
      `delete from cluster_credential where name in (select credential_name from cluster where name = $1)`,
      [name],
    );
    await tx.query(
      `with left_behind as (delete from service_target where cluster = $1 returning service_uid)
       update service set due_at = '-infinity' where uid in (select service_uid from left_behind)`,
      [name],
    );
    for (const table of ['service_observed', 'service_address', 'applied_deployment'])
      await tx.query(`delete from ${table} where cluster = $1`, [name]);
    await tx.query(
      `update container set ended_at = clock_timestamp(), state = 'ended', ready = false
       where cluster = $1 and ended_at is null`,
      [name],
    );
    await tx.query('delete from cluster where name = $1', [name]);
    await this.tell(tx, name);
  }

  /** The next version of a credential; two at once get two versions. */
  async nextVersion(tx: Tx, name: string): Promise<number> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('cluster_credential/' || $1))`, [name]);
    const [row] = await tx.query<{ next: number }>(
      'select coalesce(max(version), 0) + 1 as next from cluster_credential where name = $1',
      [name],
    );
    return row?.next ?? 1;
  }

  async saveCredential(tx: Tx, name: string, version: number, sealed: SealedValue, createdBy: string): Promise<void> {
    await tx.query('insert into cluster_credential (name, version, sealed, created_by) values ($1, $2, $3, $4)', [
      name,
      version,
      JSON.stringify(sealed),
      createdBy,
    ]);
  }

  async credential(tx: Reading, name: string, version: number): Promise<SealedValue | null> {
    const [row] = await tx.query<{ sealed: unknown }>(
      'select sealed from cluster_credential where name = $1 and version = $2',
      [name, version],
    );
    return row ? SealedValue.parse(row.sealed) : null;
  }

  /** Slugs of known projects, to tell foreign namespaces that look like ours. */
  async projectSlugs(tx: Reading): Promise<string[]> {
    const rows = await tx.query<{ slug: string }>('select slug from project');
    return rows.map(({ slug }) => slug);
  }

  /** Registries of the images that run. */
  async registries(tx: Reading): Promise<string[]> {
    const rows = await tx.query<{ registry: string }>(
      `select distinct split_part(r.image ->> 'reference', '/', 1) as registry
       from service s join service_release r on r.service_uid = s.uid and r.number = s.live_release`,
    );
    return rows.map(({ registry }) => registry);
  }

  private async tell(tx: Tx, name: string): Promise<void> {
    await tx.query('select pg_notify($1, $2)', [clusterChannel, name]);
  }
}
