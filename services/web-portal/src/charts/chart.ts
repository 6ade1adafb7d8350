import type { Points } from '@berth/api';

/** One line of a chart. */
export interface Line {
  /** Stays the same from one reading to the next, so that colour and highlight stay as well. */
  readonly id: string;
  readonly label: string;
  readonly values: Points;
  /** Place in the palette; lines without one are neutral. */
  readonly colour: number | null;
  /** `limit` is dashed and never highlighted; `past` is thin. */
  readonly kind: 'now' | 'past' | 'limit';
}

/** A vertical line: something was done. */
export interface ChartMark {
  readonly atSeconds: number;
  readonly label: string;
}

export interface LineSummary {
  readonly last: number | null;
  readonly mean: number | null;
  readonly highest: number | null;
  /** Index of the highest point. */
  readonly highestAt: number | null;
}

/** What a reader who does not see the line wants to know of it. */
export function summaryOf(values: Points): LineSummary {
  const measured = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const top = measured.reduce<{ value: number; index: number } | null>(
    (best, point) => (best === null || point.value > best.value ? point : best),
    null,
  );
  const sum = measured.reduce((total, { value }) => total + value, 0);
  return {
    last: measured.at(-1)?.value ?? null,
    mean: measured.length === 0 ? null : sum / measured.length,
    highest: top?.value ?? null,
    highestAt: top?.index ?? null,
  };
}

/** The top of the axis: room above what is shown, and the limit within it when it says something. */
export function topOf(lines: readonly Line[], least: number): number {
  const highestOf = (kinds: readonly Line['kind'][]) =>
    lines
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((top, { values }) => Math.max(top, summaryOf(values).highest ?? 0), 0);
  const [used, limit] = [highestOf(['now', 'past']), highestOf(['limit'])];
  // A limit far above would press the lines to the ground; the legend names it instead.
  const withLimit = limit > 0 && used >= limit / 4 ? Math.max(used, limit) : used;
  return Math.max(least, withLimit * 1.08);
}

/** A point that has no neighbour is a dot, or nobody would see it. */
export function isAlone(values: readonly (number | null | undefined)[], index: number): boolean {
  const there = (at: number) => values[at] !== null && values[at] !== undefined;
  return there(index) && !there(index - 1) && !there(index + 1);
}

/** Marks that are nearer than `apart` seconds become one, so that no label covers another. */
export function mergedMarks(marks: readonly ChartMark[], apartSeconds: number): ChartMark[] {
  const merged: ChartMark[] = [];
  for (const mark of [...marks].sort((a, b) => a.atSeconds - b.atSeconds)) {
    const before = merged.at(-1);
    if (before && mark.atSeconds - before.atSeconds < apartSeconds)
      merged[merged.length - 1] = { ...mark, label: `${before.label} · ${mark.label}` };
    else merged.push(mark);
  }
  return merged;
}

/** Sums per point; null only where nothing at all was measured. */
export function summed(rows: readonly Points[]): Points {
  return (rows[0] ?? []).map((_, index) => {
    const there = rows.flatMap((row) => row[index] ?? []);
    return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0);
  });
}

/** How often something happened in the step that ends at each point. */
export function countedBy(times: readonly number[], stepSeconds: number, happened: readonly number[]): Points {
  const counts = times.map(() => 0);
  for (const at of happened) {
    const index = Math.ceil((at - (times[0] ?? 0)) / stepSeconds);
    if (index >= 0 && index < counts.length) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
