import type { AuditRow } from '@berth/api';
import type { Actor } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { chain, type AuditEntry, type ChainedEntry, type ChainHead } from './audit.js';

type Reader = Pick<Tx, 'query'>;

interface Row {
  sequence: number;
  at: Date;
  actor_id: string;
  actor_name: string;
  actor_channel: Actor['channel'];
  address: string | null;
  action: string;
  target: string;
  cause: string | null;
  result: AuditEntry['result'];
  problem_code: string | null;
  operation_id: string | null;
  correlation_id: string;
  prev_hash: string;
  hash: string;
}

/** Table `audit`, append-only and chained by hashes. */
export class AuditStore {
  /**
   * Appends entries. Takes the lock on the end of the chain until the commit, so it comes last in a transaction: what
   * follows would make every other writer wait.
   */
  async append(tx: Reader, entries: readonly AuditEntry[], at: Date): Promise<void> {
    if (entries.length === 0) return;
    const [head] = await tx.query<ChainHead>('select sequence, hash from audit_head for update');
    const rows = chain(head as ChainHead, entries.map(storable), at);
    const last = rows.at(-1) as ChainedEntry;
    await tx.query(
      `insert into audit (sequence, at, actor_id, actor_name, actor_channel, address, action, target, cause, result,
                          problem_code, operation_id, correlation_id, prev_hash, hash)
       select sequence, $2, actor_id, actor_name, actor_channel, address, action, target, cause, result,
              problem_code, operation_id, correlation_id, prev_hash, hash
         from json_to_recordset($1::json) as rows (sequence bigint, actor_id text, actor_name text, actor_channel text,
              address text, action text, target text, cause text, result text, problem_code text, operation_id text,
              correlation_id text, prev_hash text, hash text)`,
      [JSON.stringify(rows.map(toRow)), at],
    );
    await tx.query('update audit_head set sequence = $1, hash = $2', [last.sequence, last.hash]);
  }

  /** Newest first, below `before`. */
  async list(
    reader: Reader,
    filter: { before: number | null; limit: number; target?: string | undefined; actor?: string | undefined },
  ): Promise<AuditRow[]> {
    const rows = await reader.query<Row>(
      `select * from audit
        where ($1::bigint is null or sequence < $1) and ($2::text is null or target = $2)
          and ($3::text is null or actor_name = $3)
        order by sequence desc limit $4`,
      [filter.before, filter.target ?? null, filter.actor ?? null, filter.limit],
    );
    return rows.map((row) => ({ ...fromRow(row), at: row.at.toISOString() }));
  }

  /** Rows above `after` in order, for checking the chain. */
  async read(reader: Reader, after: number, limit: number): Promise<ChainedEntry[]> {
    const rows = await reader.query<Row>('select * from audit where sequence > $1 order by sequence limit $2', [
      after,
      limit,
    ]);
    return rows.map((row) => ({ ...fromRow(row), at: row.at, prevHash: row.prev_hash, hash: row.hash }));
  }
}

/** PostgreSQL's text cannot hold U+0000, which JSON can; a name typed at the login may be anything. */
function storable(entry: AuditEntry): AuditEntry {
  const clean = (text: string) => text.replaceAll('\u0000', '\ufffd');
  return {
    ...entry,
    actor: { ...entry.actor, name: clean(entry.actor.name) },
    target: clean(entry.target),
    cause: entry.cause === null ? null : clean(entry.cause),
  };
}

function toRow(entry: ChainedEntry): Record<string, unknown> {
  return {
    sequence: entry.sequence,
    actor_id: entry.actor.id,
    actor_name: entry.actor.name,
    actor_channel: entry.actor.channel,
    address: entry.address,
    action: entry.action,
    target: entry.target,
    cause: entry.cause,
    result: entry.result,
    problem_code: entry.problemCode,
    operation_id: entry.operationId,
    correlation_id: entry.correlationId,
    prev_hash: entry.prevHash,
    hash: entry.hash,
  };
}

function fromRow(row: Row): Omit<ChainedEntry, 'at' | 'prevHash' | 'hash'> {
  return {
    sequence: row.sequence,
    actor: { id: row.actor_id, name: row.actor_name, channel: row.actor_channel },
    address: row.address,
    action: row.action,
    target: row.target,
    cause: row.cause,
    result: row.result,
    problemCode: row.problem_code,
    operationId: row.operation_id,
    correlationId: row.correlation_id,
  };
}
