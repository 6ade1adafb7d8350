import { useSyncExternalStore } from 'react';

/** Which rows are marked. Beside React's state, so that marking one row draws one box and not the whole list. */
export class Selection {
  private keys: ReadonlySet<string> = new Set();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly all = (): ReadonlySet<string> => this.keys;

  toggle(key: string): void {
    const next = new Set(this.keys);
    if (!next.delete(key)) next.add(key);
    this.set(next);
  }

  set(keys: Iterable<string>): void {
    this.keys = new Set(keys);
    for (const listener of this.listeners) listener();
  }
}

export function useMarked(selection: Selection, key: string): boolean {
  return useSyncExternalStore(selection.subscribe, () => selection.all().has(key));
}

export function useAllMarked(selection: Selection): ReadonlySet<string> {
  return useSyncExternalStore(selection.subscribe, selection.all);
}
