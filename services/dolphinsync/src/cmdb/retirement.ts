import type { Missing } from './catalogue.js';

/** What makes a retirement so large that somebody must approve it. */
export interface RetirementLimits {
  /** Share of the source's projects and services, in percent… */
  readonly percent: number;
  /** …counted from this many rows on, so that one of five is nothing special. */
  readonly percentFrom: number;
  /** This many rows are too many, whatever their share. */
  readonly rows: number;
}

export interface Retirement<Row> {
  readonly retire: readonly Missing<Row>[];
  /** New ones that wait. */
  readonly wait: readonly (Missing<Row> & { readonly reason: 'runs' | 'large' })[];
  /** Rows that waited before and still do. */
  readonly stillWaiting: number;
}

export function isLarge(missing: number, of: number, limits: RetirementLimits): boolean {
  return missing > limits.rows || (missing >= limits.percentFrom && missing * 100 > limits.percent * of);
}

/**
 * What becomes of rows that the CMDB no longer names: what runs waits for a decision, one by one; the rest is retired, or
 * waits together when it is much. A row that was renamed or moved leaves its old place silently, unless it runs there.
 */
export function retirementOf<Row>(
  missing: readonly Missing<Row>[],
  row: { readonly runs: (one: Missing<Row>) => boolean; readonly waits: (row: Row) => boolean },
  isTooMuch: boolean,
): Retirement<Row> {
  const fresh = missing.filter((one) => !row.waits(one.row));
  const runs = fresh.filter((one) => row.runs(one));
  const quiet = fresh.filter((one) => !row.runs(one));
  const held = isTooMuch ? quiet.filter(({ nowAt }) => nowAt === null) : [];
  return {
    retire: isTooMuch ? quiet.filter(({ nowAt }) => nowAt !== null) : quiet,
    wait: [
      ...runs.map((one) => ({ ...one, reason: 'runs' as const })),
      ...held.map((one) => ({ ...one, reason: 'large' as const })),
    ],
    stillWaiting: missing.length - fresh.length,
  };
}
