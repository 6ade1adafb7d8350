import type { PlacementPolicy } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { Service } from './service.js';

/** What the first deploy asked for; sent along until cluster-mgr has answered once. */
export interface InitialPlacement {
  readonly replicas: number;
  readonly policy: PlacementPolicy;
}

/** A service as it is stored: with what only the services of this feature look at. */
export interface StoredService extends Service {
  readonly initial: InitialPlacement;
  /** The last state that was sent, without its time. */
  readonly emitted: string | null;
}

const columns = `uid, key, project, environment, code, name, spec_version as "specVersion", live_release as "liveRelease",
  target_release as "targetRelease", candidate_release as "candidateRelease", restart_token as "restartToken", generation,
  applied_generation as "appliedGeneration", settled_generation as "settledGeneration", initial, placement, deleting, state,
  pause, reason, state_since as "stateSince", unready_since as "unreadySince", last_change as "lastChange", emitted, created_at as "createdAt"`;

/** Table `service`. Whoever decides about a service holds the lock of its row, so two copies never decide at once. */
@Injectable()
export class ServiceStore {
  async lockByKey(tx: Tx, key: string): Promise<StoredService | null> {
    const rows = await tx.query<StoredService>(`select ${columns} from service where key = $1 for update`, [key]);
    return rows[0] ?? null;
  }

  async lockByUid(tx: Tx, uid: string): Promise<StoredService | null> {
    const rows = await tx.query<StoredService>(`select ${columns} from service where uid = $1 for update`, [uid]);
    return rows[0] ?? null;
  }

  /** Without a lock: for reads and preflights. */
  async byKey(tx: Pick<Tx, 'query'>, key: string): Promise<StoredService | null> {
    const rows = await tx.query<StoredService>(`select ${columns} from service where key = $1`, [key]);
    return rows[0] ?? null;
  }

  /** False when the key or the uid is taken, by a transaction that came first. */
  async insert(tx: Tx, service: StoredService, now: Date): Promise<boolean> {
    const rows = await tx.query(
      `insert into service (uid, key, project, environment, code, name, spec_version, candidate_release, initial, state,
         last_change, created_at, updated_at, state_since)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       on conflict do nothing returning uid`,
      [
        service.uid,
        service.key,
        service.project,
        service.environment,
        service.code,
        service.name,
        service.specVersion,
        service.candidateRelease,
        JSON.stringify(service.initial),
        service.state,
        jsonOrNull(service.lastChange),
        service.createdAt,
        now,
        service.stateSince,
      ],
    );
    return rows.length > 0;
  }

  /** Writes everything that may change. Needs the lock of the row. */
  async save(tx: Tx, service: StoredService, now: Date): Promise<void> {
    await tx.query(
      `update service set spec_version = $2, live_release = $3, target_release = $4, candidate_release = $5,
         restart_token = $6, generation = $7, applied_generation = $8, settled_generation = $9, placement = $10,
         deleting = $11, state = $12, reason = $13, unready_since = $14, last_change = $15, emitted = $16, updated_at = $17, pause = $18,
         state_since = $19
       where uid = $1`,
      [
        service.uid,
        service.specVersion,
        service.liveRelease,
        service.targetRelease,
        service.candidateRelease,
        service.restartToken,
        service.generation,
        service.appliedGeneration,
        service.settledGeneration,
        jsonOrNull(service.placement),
        service.deleting,
        service.state,
        service.reason,
        service.unreadySince,
        jsonOrNull(service.lastChange),
        service.emitted,
        now,
        jsonOrNull(service.pause),
        service.stateSince,
      ],
    );
  }

  /** Notes when to look again, and up to which observation this settlement has seen. */
  async schedule(tx: Tx, uid: string, dueAt: Date | null): Promise<void> {
    await tx.query(
      `update service set due_at = $2,
         observed_until = coalesce((select max(observed_at) from service_observed where service_uid = $1), observed_until)
       where uid = $1`,
      [uid, dueAt],
    );
  }

  /** Releases, targets and observations go with it. */
  async remove(tx: Tx, uid: string): Promise<void> {
    await tx.query('delete from service where uid = $1', [uid]);
  }

  /** Services whose time has come, or that have observations nobody settled: the net under lost notifications. */
  async due(tx: Pick<Tx, 'query'>, now: Date, limit: number): Promise<string[]> {
    const rows = await tx.query<{ uid: string }>(
      `select uid from service where due_at <= $1
       union
       select s.uid from service_observed o join service s on s.uid = o.service_uid where o.observed_at > s.observed_until
       limit $2`,
      [now, limit],
    );
    return rows.map(({ uid }) => uid);
  }
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
