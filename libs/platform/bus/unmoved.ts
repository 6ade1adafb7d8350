interface AtHand {
  /** The offset that the partition stands at. */
  readonly offset: number;
  /** When it was first taken at this offset; time in which others had the partition does not count. */
  sinceMs: number;
  /** Set while others have the partition: for how long we have had it at this offset. */
  heldMs: number | null;
}

/**
 * Since when each partition stands at its offset although records are at hand. A crash of the consumer, a new one and the
 * same record again are not movement: only a committed offset is. Times by one monotonic clock, in milliseconds.
 */
export class UnmovedPartitions {
  private readonly atHand = new Map<string, AtHand>();

  /** Records from this offset on are taken in hand. */
  taken(partition: string, offset: number, nowMs: number): void {
    const known = this.atHand.get(partition);
    if (known?.offset !== offset) this.atHand.set(partition, { offset, sinceMs: nowMs, heldMs: null });
  }

  /** The offset behind them is committed. */
  committed(partition: string): void {
    this.atHand.delete(partition);
  }

  /** The partition waits for something that is not its own fault: it counts anew. */
  excused(partition: string, nowMs: number): void {
    const known = this.atHand.get(partition);
    if (known) known.sinceMs = nowMs;
  }

  allExcused(nowMs: number): void {
    for (const partition of this.atHand.keys()) this.excused(partition, nowMs);
  }

  /** These are ours now; while others have a partition its clock stands still. */
  assigned(isOurs: (partition: string) => boolean, nowMs: number): void {
    for (const [partition, known] of this.atHand) {
      if (!isOurs(partition)) known.heldMs ??= nowMs - known.sinceMs;
      else if (known.heldMs !== null) Object.assign(known, { sinceMs: nowMs - known.heldMs, heldMs: null });
    }
  }

  /** Since when the one that stands longest has not moved; null when none stands. */
  oldestSinceMs(): number | null {
    const ours = [...this.atHand.values()].filter(({ heldMs }) => heldMs === null);
    return ours.length > 0 ? Math.min(...ours.map(({ sinceMs }) => sinceMs)) : null;
  }
}
