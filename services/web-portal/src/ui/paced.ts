import { useEffect, useState } from 'react';

/** So many rows more are drawn in one go: a whole window of them would hold up the page for longer than 50 ms. */
const mostAtOnce = 12;

type Item = { readonly key: PropertyKey | bigint };

/** Of the rows in view those that are drawn already, and the next few of the others. */
export function paced<Row extends Item>(
  inView: readonly Row[],
  drawn: ReadonlySet<Row['key']>,
  most = mostAtOnce,
): Row[] {
  let left = most;
  return inView.filter(({ key }) => drawn.has(key) || left-- > 0);
}

/** Draws a window that is all new, as after a jump of the scroll bar, in several goes. */
export function usePaced<Row extends Item>(inView: readonly Row[]): Row[] {
  const [drawn, setDrawn] = useState<ReadonlySet<Row['key']>>(new Set());
  const now = paced(inView, drawn);
  useEffect(() => {
    if (now.length === drawn.size && now.every(({ key }) => drawn.has(key))) return;
    const frame = requestAnimationFrame(() => setDrawn(new Set(now.map(({ key }) => key))));
    return () => cancelAnimationFrame(frame);
  }, [now, drawn]);
  return now;
}
