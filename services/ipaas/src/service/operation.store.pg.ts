import type { OperationStep } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { RunningOperation } from './service.js';
import type { End } from './settle.js';

export interface NewOperation extends RunningOperation {
  readonly serviceUid: string;
  readonly key: string;
}

const columns = `id, kind, conductor, phase, release, generation, restart_token as "restartToken",
  restart_token_before as "restartTokenBefore", cancel, steps, command,
  started_at as "startedAt", deadline_at as "deadlineAt", rollout_deadline_at as "rolloutDeadlineAt"`;

/** Table `service_operation`: one row per operation, kept for 30 days after its end; the row is what lets an operation begin once and end once. */
@Injectable()
export class OperationStore {
  /** Those that have not ended, oldest first. */
  async running(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<RunningOperation[]> {
    return tx.query<RunningOperation>(
      `select ${columns} from service_operation where service_uid = $1 and ended_at is null order by started_at, id`,
      [serviceUid],
    );
  }

  async runningIds(tx: Pick<Tx, 'query'>, serviceUid: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'select id from service_operation where service_uid = $1 and ended_at is null order by started_at, id',
      [serviceUid],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether it is one that we conduct, running or ended. */
  async isOwn(tx: Pick<Tx, 'query'>, id: string): Promise<boolean> {
    const rows = await tx.query(`select 1 from service_operation where id = $1 and conductor = 'ipaas'`, [id]);
    return rows.length > 0;
  }

  /** False when the operation is known already: its command came twice. With an end, it is over at once (a refusal). */
  async insert(tx: Tx, operation: NewOperation, end: End['state'] | null): Promise<boolean> {
    const rows = await tx.query(
      `insert into service_operation (id, service_uid, key, kind, conductor, phase, release, generation, restart_token,
         steps, command, started_at, deadline_at, rollout_deadline_at, ended_at, end_state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz, $13, $14,
         case when $15::text is null then null else $12::timestamptz end, $15)
       on conflict (id) do nothing returning id`,
      [
        operation.id,
        operation.serviceUid,
        operation.key,
        operation.kind,
        operation.conductor,
        operation.phase,
        operation.release,
        operation.generation,
        operation.restartToken,
        JSON.stringify(operation.steps),
        JSON.stringify(operation.command),
        operation.startedAt,
        operation.deadlineAt,
        operation.rolloutDeadlineAt,
        end,
      ],
    );
    return rows.length > 0;
  }

  /** Forgets those that ended more than 30 days ago; the bus keeps no command nearly that long. */
  async prune(tx: Pick<Tx, 'query'>): Promise<number> {
    const rows = await tx.query<{ count: number }>(
      `with gone as (
         delete from service_operation where ended_at < clock_timestamp() - interval '30 days' returning 1)
       select count(*)::int as count from gone`,
    );
    return rows[0]?.count ?? 0;
  }

  /** How it ended; null while it runs, and for one that is not known here. */
  async endStateOf(tx: Pick<Tx, 'query'>, id: string): Promise<string | null> {
    const rows = await tx.query<{ state: string | null }>(
      'select end_state as state from service_operation where id = $1',
      [id],
    );
    return rows[0]?.state ?? null;
  }

  async save(tx: Tx, operation: RunningOperation): Promise<void> {
    await tx.query(
      `update service_operation set phase = $2, release = $3, generation = $4, restart_token = $5, steps = $6,
         rollout_deadline_at = $7, restart_token_before = $8, cancel = $9 where id = $1 and ended_at is null`,
      [
        operation.id,
        operation.phase,
        operation.release,
        operation.generation,
        operation.restartToken,
        JSON.stringify(operation.steps),
        operation.rolloutDeadlineAt,
        operation.restartTokenBefore,
        operation.cancel && JSON.stringify(operation.cancel),
      ],
    );
  }

  /** True for the one caller that ends it; false when it had ended before. */
  async end(tx: Tx, id: string, steps: readonly OperationStep[], state: End['state'], now: Date): Promise<boolean> {
    const rows = await tx.query(
      `update service_operation set ended_at = $2, end_state = $3, steps = $4 where id = $1 and ended_at is null returning id`,
      [id, now, state, JSON.stringify(steps)],
    );
    return rows.length > 0;
  }
}
