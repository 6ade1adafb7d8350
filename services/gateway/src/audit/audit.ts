import type { Actor } from '@berth/contracts';
import { createHash } from 'node:crypto';

/** What somebody did, or tried to do. */
export interface AuditEntry {
  readonly actor: Actor;
  /** Network address of the caller. */
  readonly address: string | null;
  /** Id of the route. */
  readonly action: string;
  /** Scope path of what it was done to. */
  readonly target: string;
  readonly cause: string | null;
  readonly result: 'accepted' | 'done' | 'refused' | 'forbidden';
  readonly problemCode: string | null;
  readonly operationId: string | null;
  readonly correlationId: string;
}

/** An entry with its place in the chain. */
export interface ChainedEntry extends AuditEntry {
  readonly sequence: number;
  readonly at: Date;
  readonly prevHash: string;
  readonly hash: string;
}

export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Hash of a row over its canonical form and the hash of the row before: changing or removing one shows in all after it. */
export function hashOf(row: Omit<ChainedEntry, 'hash'>): string {
  const canonical = JSON.stringify([
    row.sequence,
    row.at.toISOString(),
    row.actor.id,
    row.actor.name,
    row.actor.channel,
    row.address,
    row.action,
    row.target,
    row.cause,
    row.result,
    row.problemCode,
    row.operationId,
    row.correlationId,
    row.prevHash,
  ]);
  return createHash('sha256').update(canonical).digest('hex');
}

/** Appends entries to a chain that ends with `head`. */
export function chain(head: ChainHead, entries: readonly AuditEntry[], at: Date): ChainedEntry[] {
  const rows: ChainedEntry[] = [];
  let last = head;
  for (const entry of entries) {
    const row = { ...entry, sequence: last.sequence + 1, at, prevHash: last.hash };
    last = { sequence: row.sequence, hash: hashOf(row) };
    rows.push({ ...row, hash: last.hash });
  }
  return rows;
}

/** Sequence of the first row that does not fit the chain, or null. Rows must be in order; `head` is what came before them. */
export function firstBreak(head: ChainHead, rows: readonly ChainedEntry[]): number | null {
  let last = head;
  for (const row of rows) {
    if (row.sequence !== last.sequence + 1 || row.prevHash !== last.hash || hashOf(row) !== row.hash)
      return row.sequence;
    last = row;
  }
  return null;
}
