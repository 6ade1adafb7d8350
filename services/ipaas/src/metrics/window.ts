import { metricsLimits, type MetricsQuery } from '@berth/api';
import type { TimeGrid } from '@berth/clients/prometheus';

/** Steps that a reader of a time axis can follow. */
const steps = [10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600] as const;
const wantedPoints = 300;
const defaultRangeSeconds = 3_600;
/** The clock of who asks for "the last 7 days" is not ours. */
const leewaySeconds = 300;

/**
 * The points of time of an answer, whole multiples of the step, so that everybody who looks asks for the same points and
 * the next look only adds some. Null for a range that ends before it begins or is longer than allowed.
 */
export function gridOf(query: MetricsQuery, now: Date): TimeGrid | null {
  const nowSeconds = now.getTime() / 1_000;
  const to = Math.min(secondsOf(query.to) ?? nowSeconds, nowSeconds);
  const asked = secondsOf(query.from) ?? to - defaultRangeSeconds;
  if (asked >= to || to - asked > metricsLimits.rangeSeconds + leewaySeconds) return null;
  const from = Math.max(asked, to - metricsLimits.rangeSeconds);
  const range = to - from;
  const stepSeconds = stepOf(range, query.stepSeconds);
  const toSeconds = Math.floor(to / stepSeconds) * stepSeconds;
  return { fromSeconds: Math.min(Math.ceil(from / stepSeconds) * stepSeconds, toSeconds), toSeconds, stepSeconds };
}

/** The points of the last `count` steps, up to now. */
export function latest(count: number, stepSeconds: number, now: Date): TimeGrid {
  const toSeconds = Math.floor(now.getTime() / 1_000 / stepSeconds) * stepSeconds;
  return { fromSeconds: toSeconds - (count - 1) * stepSeconds, toSeconds, stepSeconds };
}

/** A rate needs two samples, so it looks back over at least four scrapes: one may be late and one lost. */
export function lookBackSeconds(stepSeconds: number, scrapeSeconds: number): number {
  return Math.max(stepSeconds, 4 * scrapeSeconds);
}

function stepOf(range: number, asked: number | undefined): number {
  const least = Math.ceil(range / (metricsLimits.points - 1));
  if (asked !== undefined) return Math.max(asked, least);
  return steps.find((step) => range / step <= wantedPoints) ?? least;
}

function secondsOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1_000;
}
