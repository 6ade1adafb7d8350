export interface SteadyKeys {
  readonly keys: readonly string[];
  /** So many came and are not shown yet. */
  readonly waiting: number;
  /** Shown in their place although they are no longer in the list. */
  readonly gone: ReadonlySet<string>;
}

/**
 * Keeps rows where they are. While `hold` (a pointer or the focus is in the list), new rows wait and are counted, rows
 * that are gone keep their place, and so does every other; only contents change.
 */
export function steadyRows<Row>(
  shown: readonly string[],
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
  hold: boolean,
): SteadyKeys {
  const keys = incoming.map(keyOf);
  if (!hold || shown.length === 0) return { keys, waiting: 0, gone: new Set() };
  const here = new Set(keys);
  const known = new Set(shown);
  // Pages that were fetched by scrolling come after everything shown: they belong to the end and do not jump.
  const lastKnown = keys.findLastIndex((key) => known.has(key));
  const tail = lastKnown < 0 ? [] : keys.slice(lastKnown + 1);
  const waiting = keys.filter((key) => !known.has(key)).length - tail.length;
  return { keys: [...shown, ...tail], waiting, gone: new Set(shown.filter((key) => !here.has(key))) };
}
