import type { ServiceListItem } from '@berth/api';
import { useSyncExternalStore } from 'react';

export const rowKey = (row: Pick<ServiceListItem, 'project' | 'environment' | 'code'>) =>
  `${row.project}/${row.environment}/${row.code}`;

/**
 * Which rows are marked, as they were then: a filter hides them and does not take the mark. Beside React's state, so that
 * marking one row draws one box and not the whole list.
 */
export class Selection {
  private shown: readonly ServiceListItem[] = [];
  private rows: ReadonlyMap<string, ServiceListItem> = new Map();
  private last: string | null = null;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly all = (): ReadonlyMap<string, ServiceListItem> => this.rows;

  /** The rows of the page in its order, for marking from one to another. */
  order(rows: readonly ServiceListItem[]): void {
    this.shown = rows;
  }

  toggle(row: ServiceListItem): void {
    const key = rowKey(row);
    const next = new Map(this.rows);
    if (!next.delete(key)) next.set(key, row);
    this.last = key;
    this.set(next);
  }

  /** Everything from the row that was touched last to this one. */
  reach(row: ServiceListItem): void {
    const keys = this.shown.map(rowKey);
    const to = keys.indexOf(rowKey(row));
    const from = this.last === null ? -1 : keys.indexOf(this.last);
    if (from < 0 || to < 0) return this.toggle(row);
    this.last = rowKey(row);
    this.markAll(this.shown.slice(Math.min(from, to), Math.max(from, to) + 1));
  }

  markAll(rows: readonly ServiceListItem[]): void {
    this.set(new Map([...this.rows, ...rows.map((row) => [rowKey(row), row] as const)]));
  }

  unmarkAll(rows: readonly ServiceListItem[]): void {
    const next = new Map(this.rows);
    for (const row of rows) next.delete(rowKey(row));
    this.set(next);
  }

  clear(): void {
    this.set(new Map());
  }

  /** Of another project or environment nobody means the marks any more. */
  within(isInScope: (row: ServiceListItem) => boolean): void {
    const next = new Map([...this.rows].filter(([, row]) => isInScope(row)));
    if (next.size < this.rows.size) this.set(next);
  }

  private set(rows: ReadonlyMap<string, ServiceListItem>): void {
    this.rows = rows;
    for (const listener of this.listeners) listener();
  }
}

export function useMarked(selection: Selection, key: string): boolean {
  return useSyncExternalStore(selection.subscribe, () => selection.all().has(key));
}

export function useAllMarked(selection: Selection): ReadonlyMap<string, ServiceListItem> {
  return useSyncExternalStore(selection.subscribe, selection.all);
}
