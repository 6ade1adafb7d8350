/** What every slim row has. */
export interface KeyedRow {
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface RowTableOptions<Row> {
  /** Groups in which rows are looked up, e.g. by place and by service. */
  readonly groups: (row: Row) => readonly string[];
  /** Hears of every row that came, changed or went; `before` and `after` are never both null. */
  readonly changed: (before: Row | null, after: Row | null) => void;
}

const rememberedRemovals = 1_000;

/** Rows of one kind in one cluster, in memory, kept by a watch and looked up by group. */
export class RowTable<Row extends KeyedRow> {
  private readonly rows = new Map<string, Row>();
  private readonly groups = new Map<string, Map<string, Row>>();
  private readonly removed = new Set<string>();

  constructor(private readonly options: RowTableOptions<Row>) {}

  get size(): number {
    return this.rows.size;
  }

  all(): IterableIterator<Row> {
    return this.rows.values();
  }

  in(group: string): Row[] {
    return [...(this.groups.get(group)?.values() ?? [])];
  }

  /** A complete list: what is not in it is gone. */
  replaceAll(rows: readonly Row[]): void {
    const present = new Set(rows.map(({ uid }) => uid));
    for (const row of [...this.rows.values()]) if (!present.has(row.uid)) this.remove(row);
    for (const row of rows) this.upsert(row);
  }

  upsert(row: Row): void {
    const before = this.rows.get(row.uid) ?? null;
    if (before?.resourceVersion === row.resourceVersion) return;
    if (before) this.ungroup(before);
    this.rows.set(row.uid, row);
    for (const group of this.options.groups(row)) {
      const members = this.groups.get(group) ?? new Map<string, Row>();
      this.groups.set(group, members.set(row.uid, row));
    }
    this.options.changed(before, row);
  }

  remove(row: Row): void {
    this.remember(row.uid);
    const before = this.rows.get(row.uid);
    if (!before) return;
    this.ungroup(before);
    this.rows.delete(row.uid);
    this.options.changed(before, null);
  }

  /**
   * A row that a write of ours gave back, before the watch has told it. What the watch told is kept when it is newer, and
   * what it has seen go does not come back.
   */
  offer(row: Row): void {
    if (this.removed.has(row.uid)) return;
    const known = this.rows.get(row.uid);
    if (known && BigInt(known.resourceVersion) >= BigInt(row.resourceVersion)) return;
    this.upsert(row);
  }

  private ungroup(row: Row): void {
    for (const group of this.options.groups(row)) {
      const members = this.groups.get(group);
      members?.delete(row.uid);
      if (members?.size === 0) this.groups.delete(group);
    }
  }

  private remember(uid: string): void {
    this.removed.add(uid);
    if (this.removed.size <= rememberedRemovals) return;
    for (const oldest of this.removed) {
      this.removed.delete(oldest);
      return;
    }
  }
}
