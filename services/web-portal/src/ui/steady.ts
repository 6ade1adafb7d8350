/**
 * Keeps rows where they are. While `hold` (a pointer is over the list), new rows wait and are counted, rows that are gone
 * stay until they are read out of the way, and every row keeps its place; only contents change.
 */
export function steadyRows<Row>(
  shown: readonly string[],
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
  hold: boolean,
): { keys: readonly string[]; waiting: number } {
  const keys = incoming.map(keyOf);
  if (!hold || shown.length === 0) return { keys, waiting: 0 };
  const here = new Set(keys);
  const known = new Set(shown);
  const kept = shown.filter((key) => here.has(key));
  // Pages that were fetched by scrolling come after everything shown: they belong to the end and do not jump.
  const lastKnown = keys.findLastIndex((key) => known.has(key));
  const tail = keys.slice(lastKnown + 1);
  const waiting = keys.filter((key, index) => index <= lastKnown && !known.has(key)).length;
  return { keys: [...kept, ...tail], waiting };
}
