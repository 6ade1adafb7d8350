import type { AuditVerification } from '@berth/api';
import type { Actor } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import type { AuditEntry } from './audit.js';
import type { ChainedEntry, ChainHead, WrittenEntry } from './chain.js';

type Reader = Pick<Tx, 'query'>;

interface Row {
  position: number;
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
}
type ChainedRow = Row & { sequence: number; prev_hash: string; hash: string };

/** Places of the rows of `audit` in the chain, and tables `audit_head` and `audit_verification`. */
export class ChainStore {
  /** The end of the chain, locked until the commit; undefined while another copy is chaining. */
  async lockHead(tx: Reader): Promise<ChainHead | undefined> {
    const [head] = await tx.query<ChainHead>('select sequence, hash from audit_head for update skip locked');
    return head;
  }

  async head(reader: Reader): Promise<ChainHead> {
    const [head] = await reader.query<ChainHead>('select sequence, hash from audit_head');
    return head as ChainHead;
  }

  async unchained(tx: Reader, limit: number): Promise<WrittenEntry[]> {
    const rows = await tx.query<Row>('select * from audit where sequence is null order by position limit $1', [limit]);
    return rows.map((row) => ({ ...entryOf(row), position: row.position }));
  }

  async countUnchained(reader: Reader): Promise<number> {
    const [row] = await reader.query<{ waiting: number }>(
      'select count(*) as waiting from audit where sequence is null',
    );
    return row?.waiting ?? 0;
  }

  /** Writes places down and moves the end. */
  async save(tx: Reader, rows: readonly (WrittenEntry & ChainedEntry)[]): Promise<void> {
    await tx.query(
      `update audit set sequence = given.sequence, prev_hash = given.prev_hash, hash = given.hash
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as given (position, sequence, prev_hash, hash)
        where audit.position = given.position`,
      [
        rows.map(({ position }) => position),
        rows.map(({ sequence }) => sequence),
        rows.map(({ prevHash }) => prevHash),
        rows.map(({ hash }) => hash),
      ],
    );
    const last = rows.at(-1) as ChainedEntry;
    await tx.query('update audit_head set sequence = $1, hash = $2', [last.sequence, last.hash]);
  }

  /** Chained rows above `after`, in the order of the chain. */
  async read(reader: Reader, after: number, limit: number): Promise<ChainedEntry[]> {
    const rows = await reader.query<ChainedRow>('select * from audit where sequence > $1 order by sequence limit $2', [
      after,
      limit,
    ]);
    return rows.map((row) => ({
      ...entryOf(row),
      sequence: row.sequence,
      prevHash: row.prev_hash,
      hash: row.hash,
    }));
  }

  async addVerification(tx: Reader, { at, by, rows, headSequence, headHash, durationMs, findings }: AuditVerification) {
    await tx.query(
      `insert into audit_verification (at, by, rows, head_sequence, head_hash, duration_ms, findings)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [at, by, rows, headSequence, headHash, durationMs, JSON.stringify(findings)],
    );
  }

  /** The last check; `clean`: the last one that found nothing. */
  async lastVerification(reader: Reader, { clean }: { clean: boolean }): Promise<AuditVerification | null> {
    const [row] = await reader.query<Omit<AuditVerification, 'at'> & { at: Date }>(
      `select at, by, rows, head_sequence as "headSequence", head_hash as "headHash", duration_ms as "durationMs", findings
         from audit_verification where not $1 or findings = '[]' order by id desc limit 1`,
      [clean],
    );
    return row ? { ...row, at: row.at.toISOString() } : null;
  }
}

function entryOf(row: Row): AuditEntry & { at: Date } {
  return {
    at: row.at,
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
