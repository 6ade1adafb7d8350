import type { AuditFinding } from '@berth/api';
import { createHash } from 'node:crypto';
import type { AuditEntry } from './audit.js';

/** A row that is written and has no place in the chain yet. */
export interface WrittenEntry extends AuditEntry {
  readonly position: number;
  readonly at: Date;
}

/** An entry with its place in the chain. */
export interface ChainedEntry extends AuditEntry {
  readonly at: Date;
  readonly sequence: number;
  readonly prevHash: string;
  readonly hash: string;
}

export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** What a chain begins with. */
export const genesis: ChainHead = { sequence: 0, hash: '' };

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

/** Gives entries their places behind `head`. */
export function chain<Entry extends AuditEntry & { readonly at: Date }>(
  head: ChainHead,
  entries: readonly Entry[],
): (Entry & ChainedEntry)[] {
  let last = head;
  return entries.map((entry) => {
    const row = { ...entry, sequence: last.sequence + 1, prevHash: last.hash };
    last = { sequence: row.sequence, hash: hashOf(row) };
    return { ...row, hash: last.hash };
  });
}

const maxFindings = 100;
/** How many inserted or removed rows in one place are recognised when the rows behind were numbered anew. */
const farthestShift = 20;

/**
 * Walks the chain from its beginning and says which rows are not what was written. A row that was changed no longer fits
 * its own hash; one whose hash was made anew no longer fits the row behind it; missing rows leave a gap, and when the rows
 * behind were numbered anew to hide it, or to make room, their hashes still tell their old numbers.
 */
export class ChainWalk {
  private last: ChainHead = genesis;
  private rows = 0;
  private shift = 0;
  /** The row before was not the one before when this one was chained. */
  private unlinked = false;
  /** Row that was found altered only because the one behind it does not fit it. */
  private suspect: { sequence: number; by: number } | null = null;
  private beyond: { first: number; last: number } | null = null;
  private readonly found = new Map<number, AuditFinding>();

  /** @param anchor an end of the chain that an earlier check saw */
  constructor(private readonly anchor: ChainHead | null = null) {}

  get count(): number {
    return this.rows;
  }

  /** The next row, in order. */
  take(row: ChainedEntry): void {
    this.rows += 1;
    if (row.sequence > this.last.sequence + 1) this.gap(row.sequence);
    const original = this.originalNumber(row);
    if (original === undefined) this.altered(row.sequence);
    else this.moved(row, row.sequence - original);
    if (original !== undefined && !this.unlinked && row.prevHash !== this.last.hash) this.blame(row);
    if (this.anchor?.sequence === row.sequence && this.anchor.hash !== row.hash && this.found.size === 0)
      this.note({ kind: 'rewritten', sequence: 1, lastSequence: row.sequence });
    this.unlinked = false;
    this.last = { sequence: row.sequence, hash: row.hash };
  }

  /** A row behind the end of the chain. */
  takeBeyond({ sequence }: ChainedEntry): void {
    this.rows += 1;
    this.beyond = { first: this.beyond?.first ?? sequence, last: sequence };
  }

  /** What is wrong, by number. `head` is where the chain says it ends. */
  end(head: ChainHead): AuditFinding[] {
    if (this.last.sequence < head.sequence) this.gap(head.sequence + 1);
    else if (this.last.hash !== head.hash) this.altered(this.last.sequence);
    if (this.beyond) this.note({ kind: 'inserted', sequence: this.beyond.first, lastSequence: this.beyond.last });
    return [...this.found.values()].sort((a, b) => a.sequence - b.sequence).slice(0, maxFindings);
  }

  private gap(next: number): void {
    this.note({ kind: 'removed', sequence: this.last.sequence + 1, lastSequence: next - 1 });
    this.unlinked = true;
  }

  /** The number the row's hash was made with; undefined when its content is not what was hashed. */
  private originalNumber(row: ChainedEntry): number | undefined {
    const fits = (shift: number) => hashOf({ ...row, sequence: row.sequence - shift }) === row.hash;
    if (fits(this.shift)) return row.sequence - this.shift;
    for (let distance = 1; distance <= farthestShift; distance += 1)
      for (const shift of [this.shift + distance, this.shift - distance]) if (fits(shift)) return row.sequence - shift;
    return undefined;
  }

  private moved(row: ChainedEntry, shift: number): void {
    const more = shift - this.shift;
    this.shift = shift;
    if (more === 0) return;
    this.unlinked = true;
    const first = row.sequence - more;
    if (more < 0) return this.note({ kind: 'removed', sequence: row.sequence, lastSequence: row.sequence - more - 1 });
    for (let number = first; number < row.sequence; number += 1) this.found.delete(number);
    if (this.suspect?.by === first) this.found.delete(this.suspect.sequence);
    this.note({ kind: 'inserted', sequence: first, lastSequence: row.sequence - 1 });
  }

  /** The row fits itself and not the one before: that one's hash was made anew, unless this one turns out to be foreign. */
  private blame({ sequence: by }: ChainedEntry): void {
    const { sequence } = this.last;
    if (!this.found.has(sequence)) this.suspect = { sequence, by };
    this.altered(sequence);
  }

  private altered(sequence: number): void {
    if (!this.found.has(sequence)) this.note({ kind: 'altered', sequence, lastSequence: sequence });
  }

  private note(finding: AuditFinding): void {
    if (this.found.size < maxFindings * 2) this.found.set(finding.sequence, finding);
  }
}
