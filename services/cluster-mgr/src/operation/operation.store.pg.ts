import type { Envelope, OperationKind } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import type { Cancel, Running, Wanted } from './operation.js';

interface Row {
  readonly operation_id: string;
  readonly kind: OperationKind;
  readonly target: string;
  readonly uid: string | null;
  readonly generation: number | null;
  readonly before: Wanted | null;
  readonly cancel: Cancel | null;
  readonly envelope: Envelope;
  readonly started_at: Date;
  readonly deadline_at: Date;
}

const fromRow = (row: Row): Running => ({
  operationId: row.operation_id,
  kind: row.kind,
  target: row.target,
  uid: row.uid,
  generation: row.generation,
  before: row.before,
  cancel: row.cancel,
  envelope: row.envelope,
  startedAt: row.started_at,
  deadlineAt: row.deadline_at,
});

/** Remembers an operation in its first state. False when it is known already: then it was conducted before. */
export async function insert(tx: Tx, operation: Running, state: 'running' | 'refused'): Promise<boolean> {
  const rows = await tx.query(
    `insert into conducted_operation
       (operation_id, kind, target, uid, generation, envelope, started_at, deadline_at, state, before)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (operation_id) do nothing returning 1`,
    [
      operation.operationId,
      operation.kind,
      operation.target,
      operation.uid,
      operation.generation,
      JSON.stringify(operation.envelope),
      operation.startedAt,
      operation.deadlineAt,
      state,
      operation.before && JSON.stringify(operation.before),
    ],
  );
  return rows.length > 0;
}

/** The one guard of "ends exactly once": true for whoever ended it. */
export async function end(tx: Tx, operationId: string, state: string): Promise<boolean> {
  const rows = await tx.query(
    `update conducted_operation set state = $2 where operation_id = $1 and state = 'running' returning 1`,
    [operationId, state],
  );
  return rows.length > 0;
}

export async function runningOf(tx: Tx, target: string): Promise<Running[]> {
  const rows = await tx.query<Row>(
    `select * from conducted_operation where target = $1 and state = 'running' order by started_at for update`,
    [target],
  );
  return rows.map(fromRow);
}

/** It goes back now, and ends when this generation has settled. */
export async function cancel(tx: Tx, { operationId }: Running, by: Cancel, generation: number): Promise<void> {
  await tx.query(
    `update conducted_operation set cancel = $2, generation = $3 where operation_id = $1 and state = 'running'`,
    [operationId, JSON.stringify(by), generation],
  );
}

/** It goes on with the second half of a move, and ends when this generation has settled. */
export async function advance(tx: Tx, { operationId }: Running, generation: number): Promise<void> {
  await tx.query(`update conducted_operation set generation = $2 where operation_id = $1 and state = 'running'`, [
    operationId,
    generation,
  ]);
}

/** How it ended, or 'running'; null for one that is not known. */
export async function stateOf(tx: Tx, operationId: string): Promise<string | null> {
  const [row] = await tx.query<{ state: string }>('select state from conducted_operation where operation_id = $1', [
    operationId,
  ]);
  return row?.state ?? null;
}

/** Running operations past their deadline that no other copy is ending. */
export async function overdue(tx: Tx, now: Date, limit: number): Promise<Running[]> {
  const rows = await tx.query<Row>(
    `select * from conducted_operation where state = 'running' and deadline_at <= $1
     order by deadline_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map(fromRow);
}

/** Ended operations are kept as long as a command might come again. */
export async function prune(tx: Tx, before: Date): Promise<void> {
  await tx.query(`delete from conducted_operation where state <> 'running' and started_at < $1`, [before]);
}
