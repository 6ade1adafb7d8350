import type { ShownLine } from './log-lines.js';

export const lineHeightPx = 20;

/**
 * How the lines in view are kept. Lines are known by their ids, for they lose their places when old ones are forgotten
 * above them or come in there. While a reader does not follow, the list holds his line: it must know the new place before
 * it draws. Moved only afterwards the list would draw what was there, and where hundreds of lines come and go 8 times a
 * second that is never in view: the page stays blank.
 */
export function windowOf(lines: readonly ShownLine[], follow: boolean) {
  const firstId = lines[0]?.id ?? 1;
  return {
    count: lines.length,
    estimateSize: () => lineHeightPx,
    overscan: 12,
    getItemKey: (index: number) => firstId + index,
    // Whoever follows is moved to the end with every batch.
    anchorTo: follow ? ('start' as const) : ('end' as const),
  };
}
