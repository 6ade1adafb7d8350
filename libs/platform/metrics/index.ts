import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds, from 1 ms to 30 s: for requests, handlers and queries. */
const secondsBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Metrics of this process. Asking twice for the same name gives the same metric. Names begin with `berth_` and end with
 * their unit (`_seconds`, `_rows`, `_total`). Labels must be few and bounded: never a key, an id or a user.
 */
export class Metrics {
  readonly registry = new Registry();

  counter<Label extends string>(name: string, help: string, labels: readonly Label[] = []): Counter<Label> {
    return this.once(name, () => new Counter({ name, help, labelNames: [...labels], registers: [this.registry] }));
  }

  /** `collect` is asked at every scrape; a failure there leaves the last value. */
  gauge<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
    collect?: (gauge: Gauge<Label>) => Promise<void> | void,
  ): Gauge<Label> {
    return this.once(
      name,
      () =>
        new Gauge<Label>({
          name,
          help,
          labelNames: [...labels],
          registers: [this.registry],
          ...(collect && {
            async collect(): Promise<void> {
              await Promise.resolve(collect(this)).catch(() => undefined);
            },
          }),
        }),
    );
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
    buckets: readonly number[] = secondsBuckets,
  ): Histogram<Label> {
    return this.once(
      name,
      () => new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [this.registry] }),
    );
  }

  /** Process and Node metrics with the prefix `berth_`, event-loop lag among them. */
  collectProcess(): void {
    if (this.registry.getSingleMetric('berth_nodejs_eventloop_lag_seconds')) return;
    collectDefaultMetrics({ register: this.registry, prefix: 'berth_' });
  }

  /** Everything in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private once<M>(name: string, make: () => M): M {
    return (this.registry.getSingleMetric(name) as M | undefined) ?? make();
  }
}

/** The metrics of this process. */
export const metrics = new Metrics();
