const fromRow = (row) => ({
    operationId: row.operation_id,
    kind: row.kind,
    target: row.target,
    uid: row.uid,
    generation: row.generation,
    envelope: row.envelope,
    startedAt: row.started_at,
    deadlineAt: row.deadline_at,
});
/** Remembers an operation in its first state. False when it is known already: then it was conducted before. */
export async function insert(tx, operation, state) {
    const rows = await tx.query(`insert into conducted_operation
       (operation_id, kind, target, uid, generation, envelope, started_at, deadline_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (operation_id) do nothing returning 1`, [
        operation.operationId,
        operation.kind,
        operation.target,
        operation.uid,
        operation.generation,
        JSON.stringify(operation.envelope),
        operation.startedAt,
        operation.deadlineAt,
        state,
    ]);
    return rows.length > 0;
}
/** The one guard of "ends exactly once": true for whoever ended it. */
export async function end(tx, operationId, state) {
    const rows = await tx.query(`update conducted_operation set state = $2 where operation_id = $1 and state = 'running' returning 1`, [operationId, state]);
    return rows.length > 0;
}
export async function runningOf(tx, target) {
    const rows = await tx.query(`select * from conducted_operation where target = $1 and state = 'running' order by started_at for update`, [target]);
    return rows.map(fromRow);
}
/** Running operations past their deadline that no other copy is ending. */
export async function overdue(tx, now, limit) {
    const rows = await tx.query(`select * from conducted_operation where state = 'running' and deadline_at <= $1
     order by deadline_at limit $2 for update skip locked`, [now, limit]);
    return rows.map(fromRow);
}
/** Ended operations are kept as long as a command might come again. */
export async function prune(tx, before) {
    await tx.query(`delete from conducted_operation where state <> 'running' and started_at < $1`, [before]);
}
//# sourceMappingURL=operation.store.pg.js.map