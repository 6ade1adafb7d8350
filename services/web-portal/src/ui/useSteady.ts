import { useMemo, useState, type FocusEvent, type PointerEvent } from 'react';
import { steadyRows } from './steady.js';

export interface Steady<Row> {
  readonly rows: readonly Row[];
  /** Keys of the rows that are shown in their place and no longer in the list. */
  readonly gone: ReadonlySet<string>;
  readonly waiting: number;
  /** Shows the list as it is now, and holds that. */
  readonly take: () => void;
  /** For the element around the list. */
  readonly holding: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: (event: PointerEvent) => void;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: (event: FocusEvent) => void;
  };
}

const keyboardIn = (element: Element) => {
  const { activeElement } = document;
  // A click leaves the focus behind; only a keyboard is still there when the pointer has gone.
  return activeElement !== null && element.contains(activeElement) && activeElement.matches(':focus-visible');
};

/** Rows in their order, held while a pointer or the keyboard is in them: nothing jumps from under it, and new ones wait. */
export function useSteady<Row>(incoming: readonly Row[], keyOf: (row: Row) => string, reset = ''): Steady<Row> {
  const [pointer, setPointer] = useState(false);
  const [focus, setFocus] = useState(false);
  const held = pointer || focus;
  const [before, setBefore] = useState<{ readonly reset: string; readonly keys: readonly string[] }>({
    reset,
    keys: [],
  });
  const next = useMemo(
    () => steadyRows(before.reset === reset ? before.keys : [], incoming, keyOf, held),
    [before, reset, incoming, keyOf, held],
  );
  const isSame =
    before.reset === reset &&
    before.keys.length === next.keys.length &&
    next.keys.every((key, index) => key === before.keys[index]);
  if (!isSame) setBefore({ reset, keys: next.keys });
  const keys = isSame ? before.keys : next.keys;
  const known = useKnown(incoming, keyOf, next.gone);
  const rows = useMemo(() => keys.flatMap((key) => known.get(key) ?? []), [keys, known]);
  return {
    rows,
    gone: next.gone,
    waiting: next.waiting,
    take: () => setBefore({ reset, keys: incoming.map(keyOf) }),
    holding: {
      onPointerEnter: () => setPointer(true),
      onPointerLeave: (event) => {
        setPointer(false);
        setFocus(keyboardIn(event.currentTarget));
      },
      onFocus: (event) => setFocus(keyboardIn(event.currentTarget)),
      onBlur: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setFocus(false);
      },
    },
  };
}

/** Rows by key: those that are here, and what those that are gone were at last. */
function useKnown<Row>(incoming: readonly Row[], keyOf: (row: Row) => string, gone: ReadonlySet<string>) {
  const [kept, setKept] = useState<{ readonly of: readonly Row[]; readonly rows: ReadonlyMap<string, Row> }>({
    of: [],
    rows: new Map(),
  });
  // Another list of the same rows is no change: to say so again with every draw would never end.
  if (kept.of.length === incoming.length && incoming.every((row, index) => row === kept.of[index])) return kept.rows;
  const rows = new Map(incoming.map((row) => [keyOf(row), row]));
  for (const key of gone) {
    const row = kept.rows.get(key);
    if (row !== undefined) rows.set(key, row);
  }
  setKept({ of: incoming, rows });
  return rows;
}
