import type { Expression } from './expression.js';

export type Labels = Readonly<Record<string, string>>;

/** Points of time from `from` to `to`, both included, in seconds since 1970; `stepSeconds` apart. */
export interface TimeGrid {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}

/** One value for each point of the grid; null where there is none: nothing is interpolated. */
export interface Series {
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
}

export interface RangeAnswer {
  readonly kind: 'range';
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

export interface InstantAnswer {
  readonly kind: 'instant';
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

/**
 * `unreachable`: no answer in time, or none that can be read. `refused`: Prometheus is there and does not take the query
 * (a mistake in it, or more samples than it allows).
 */
export interface PrometheusFailure {
  readonly kind: 'unreachable' | 'refused';
  readonly detail: string;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
}

/** A Prometheus, read only. Every call answers with a value; none throws for what Prometheus does. */
export interface PrometheusClient {
  instant(query: Expression, atSeconds: number, options?: AskOptions): Promise<InstantAnswer | PrometheusFailure>;
  range(query: Expression, grid: TimeGrid, options?: AskOptions): Promise<RangeAnswer | PrometheusFailure>;
}

/** The points of a grid, rising. */
export function timesOf({ fromSeconds, toSeconds, stepSeconds }: TimeGrid): number[] {
  const count = Math.floor((toSeconds - fromSeconds) / stepSeconds) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => fromSeconds + index * stepSeconds);
}
