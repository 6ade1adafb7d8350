import type { Expression, Matcher } from './expression.js';
import {
  timesOf,
  type InstantAnswer,
  type Labels,
  type PrometheusClient,
  type PrometheusFailure,
  type RangeAnswer,
  type TimeGrid,
} from './prometheus.js';

/** A sample as it would be scraped. */
export interface FakeSample {
  readonly name: string;
  readonly labels: Labels;
  readonly atSeconds: number;
  readonly value: number;
}

interface Stored {
  readonly labels: Labels;
  readonly samples: { readonly at: number; readonly value: number }[];
}
interface Value {
  readonly labels: Labels;
  readonly value: number;
}

/** So long a plain series is looked back at. */
const lookBackSeconds = 300;

/** A Prometheus in memory that answers the {@link Expression}s of the real one from samples that it was given. */
export class FakePrometheus implements PrometheusClient {
  private readonly metrics = new Map<string, Map<string, Stored>>();
  private failure: PrometheusFailure | undefined;
  /** What it was asked, in order. */
  readonly asked: Expression[] = [];

  /** Samples of one series in the order of their time. */
  add(...samples: readonly FakeSample[]): void {
    for (const { name, labels, atSeconds, value } of samples) {
      const series = this.metrics.get(name) ?? new Map<string, Stored>();
      this.metrics.set(name, series);
      const key = keyOf(labels);
      const stored = series.get(key) ?? { labels, samples: [] };
      series.set(key, stored);
      stored.samples.push({ at: atSeconds, value });
    }
  }

  /** From now on every call ends with this failure; without one it answers again. */
  fail(failure?: PrometheusFailure): void {
    this.failure = failure;
  }

  instant(query: Expression, atSeconds: number): Promise<InstantAnswer | PrometheusFailure> {
    this.asked.push(query);
    if (this.failure) return Promise.resolve(this.failure);
    return Promise.resolve({ kind: 'instant', samples: this.evaluate(query, atSeconds) });
  }

  range(query: Expression, grid: TimeGrid): Promise<RangeAnswer | PrometheusFailure> {
    this.asked.push(query);
    if (this.failure) return Promise.resolve(this.failure);
    const times = timesOf(grid);
    const found = new Map<string, { labels: Labels; values: (number | null)[] }>();
    times.forEach((at, index) => {
      for (const { labels, value } of this.evaluate(query, at)) {
        const key = keyOf(labels);
        const series = found.get(key) ?? { labels, values: times.map(() => null) };
        found.set(key, series);
        series.values[index] = value;
      }
    });
    return Promise.resolve({ kind: 'range', times, series: [...found.values()] });
  }

  private evaluate(expression: Expression, at: number): Value[] {
    switch (expression.kind) {
      case 'metric':
        return this.select(expression, at, lookBackSeconds).map(({ labels, samples }) => ({
          labels: { __name__: expression.name, ...labels },
          value: samples.at(-1)?.value ?? NaN,
        }));
      case 'over':
        return this.select(expression.of, at, expression.seconds).flatMap(({ labels, samples }) => {
          const value = applied(expression.apply, samples);
          return value === undefined ? [] : [{ labels, value }];
        });
      case 'aggregate':
        return grouped(expression.apply, expression.by, this.evaluate(expression.of, at));
      case 'relabel': {
        const pattern = new RegExp(`^(?:${expression.matches})$`);
        return this.evaluate(expression.of, at).map(({ labels, value }) => {
          const match = pattern.exec(labels[expression.from] ?? '');
          return match ? { labels: { ...labels, [expression.label]: match[1] ?? '' }, value } : { labels, value };
        });
      }
    }
  }

  /** Series with at least one sample in the window that ends at `at`. */
  private select(of: Extract<Expression, { kind: 'metric' }>, at: number, seconds: number): Stored[] {
    return [...(this.metrics.get(of.name)?.values() ?? [])].flatMap(({ labels, samples }) => {
      if (!of.where.every((matcher) => fulfils(labels, matcher))) return [];
      const inWindow = samples.filter((sample) => sample.at <= at && sample.at >= at - seconds);
      return inWindow.length > 0 ? [{ labels, samples: inWindow }] : [];
    });
  }
}

function applied(
  apply: Extract<Expression, { kind: 'over' }>['apply'],
  samples: Stored['samples'],
): number | undefined {
  const values = samples.map(({ value }) => value);
  if (apply === 'max_over_time') return Math.max(...values);
  if (apply === 'last_over_time') return values.at(-1);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.at === first.at) return undefined;
  // A counter that falls was started again from 0.
  const grown = values.slice(1).reduce((sum, value, index) => {
    const before = values[index] ?? 0;
    return sum + (value >= before ? value - before : value);
  }, 0);
  return grown / (last.at - first.at);
}

function grouped(apply: 'sum' | 'max', by: readonly string[], values: readonly Value[]): Value[] {
  const groups = new Map<string, { labels: Labels; value: number }>();
  for (const { labels, value } of values) {
    const kept = Object.fromEntries(by.flatMap((label) => (labels[label] ? [[label, labels[label]]] : [])));
    const key = keyOf(kept);
    const group = groups.get(key);
    if (!group) groups.set(key, { labels: kept, value });
    else group.value = apply === 'sum' ? group.value + value : Math.max(group.value, value);
  }
  return [...groups.values()];
}

function fulfils(labels: Labels, matcher: Matcher): boolean {
  const value = labels[matcher.label] ?? '';
  if ('is' in matcher) return value === matcher.is;
  return 'isNot' in matcher ? value !== matcher.isNot : new RegExp(`^(?:${matcher.matches})$`).test(value);
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
