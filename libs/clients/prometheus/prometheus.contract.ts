import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aggregate, metric, over, relabel, type Expression } from './expression.js';
import type { FakeSample } from './fake-prometheus.js';
import type { PrometheusClient, RangeAnswer, TimeGrid } from './prometheus.js';

/** A Prometheus with the samples of {@link contractSamples} in it, and one where nothing answers. */
export interface ContractPrometheus {
  readonly client: PrometheusClient;
  readonly silent: PrometheusClient;
  readonly close: () => Promise<void>;
}

const cpu = 'container_cpu_usage_seconds_total';
const memory = 'container_memory_working_set_bytes';
const byPod = ['cluster', 'namespace', 'pod'];
const main = { label: 'container', is: 'main' };

/** Every 15 s for 20 minutes from `start`, unless said otherwise. */
export function contractSamples(start: number): FakeSample[] {
  const series = (
    name: string,
    pod: string,
    value: (seconds: number) => number,
    { cluster = 'beijing', from = 0, to = 1200, skip = { from: 0, to: 0 } } = {},
  ): FakeSample[] =>
    Array.from({ length: 81 }, (_, index) => index * 15)
      .filter((at) => at >= from && at <= to && !(at > skip.from && at < skip.to))
      .map((at) => ({
        name,
        labels: { cluster, namespace: 'shop-prod', pod, container: 'main' },
        atSeconds: start + at,
        value: value(at),
      }));
  return [
    ...series(cpu, 'cart-7d9f-aaaaa', (at) => at * 0.5),
    ...series(cpu, 'cart-7d9f-bbbbb', (at) => (at < 600 ? at * 0.25 : (at - 600) * 0.25), { cluster: 'shanghai' }),
    ...series(cpu, 'cart-api-7d9f-ccccc', (at) => at * 0.125),
    ...series(memory, 'cart-7d9f-aaaaa', () => 200_000_000, { skip: { from: 300, to: 600 } }),
    ...series(memory, 'cart-7d9f-bbbbb', () => 100_000_000, { cluster: 'shanghai', to: 600 }),
    ...series(memory, 'cart-api-7d9f-ccccc', () => 50_000_000),
  ];
}

/** Promises that services rely on, kept by a real Prometheus and by the fake alike. */
export function prometheusContract(name: string, open: (start: number) => Promise<ContractPrometheus>): void {
  describe(`the Prometheus contract, kept by ${name}`, () => {
    const start = Math.floor(Date.now() / 60_000) * 60 - 3_600;
    let prometheus: ContractPrometheus;
    const grid: TimeGrid = { fromSeconds: start, toSeconds: start + 1_200, stepSeconds: 60 };

    beforeAll(async () => {
      prometheus = await open(start);
    }, 30_000);
    afterAll(() => prometheus.close());

    async function range(query: Expression, asked = grid): Promise<RangeAnswer> {
      const answer = await prometheus.client.range(query, asked);
      if (answer.kind !== 'range') throw new Error(answer.detail);
      return answer;
    }
    const valuesOf = (answer: RangeAnswer, labels: Record<string, string>) =>
      answer.series.find((series) => Object.entries(labels).every(([label, value]) => series.labels[label] === value))
        ?.values;

    test('a range has one value for each point of its grid, first and last included', async () => {
      const answer = await range(over('last_over_time', 30, metric(memory, main)));
      expect(answer.times).toHaveLength(21);
      expect([answer.times[0], answer.times.at(-1)]).toEqual([start, start + 1_200]);
      for (const { values } of answer.series) expect(values).toHaveLength(21);
    });

    test('a counter becomes a rate; its restart at 0 is no fall', async () => {
      const answer = await range(aggregate('sum', byPod, over('rate', 120, metric(cpu, main))));
      const [first, second] = ['aaaaa', 'bbbbb'].map((end) => valuesOf(answer, { pod: `cart-7d9f-${end}` }));
      expect(first?.[0]).toBeNull();
      for (const value of first?.slice(3) ?? []) expect(value).toBeCloseTo(0.5, 2);
      for (const value of second?.slice(3) ?? []) expect([value! >= 0.2, value! <= 0.26]).toEqual([true, true]);
    });

    test('a gap stays a gap: nothing is carried over it beyond the window', async () => {
      const answer = await range(aggregate('max', byPod, over('max_over_time', 60, metric(memory, main))));
      const values = valuesOf(answer, { pod: 'cart-7d9f-aaaaa' }) ?? [];
      const missing = values.flatMap((value, index) => (value === null ? [index] : []));
      expect(missing).toEqual([7, 8, 9]);
    });

    test('what has ended ends in the series', async () => {
      const answer = await range(aggregate('max', byPod, over('max_over_time', 60, metric(memory, main))));
      const values = valuesOf(answer, { cluster: 'shanghai' }) ?? [];
      expect(values.slice(0, 11)).toEqual(new Array(11).fill(100_000_000));
      expect(values.slice(12)).toEqual(new Array(9).fill(null));
    });

    test('conditions are on whole values: a service does not take in one whose name begins with its own', async () => {
      const pod = { label: 'pod', matches: 'cart-[0-9a-z]+-[0-9a-z]{5}' };
      const answer = await range(aggregate('sum', byPod, over('last_over_time', 60, metric(memory, pod, main))));
      expect(answer.series.map(({ labels }) => labels['pod']).sort()).toEqual(['cart-7d9f-aaaaa', 'cart-7d9f-bbbbb']);
      const others = await range(over('last_over_time', 60, metric(memory, { label: 'cluster', isNot: 'beijing' })));
      expect(others.series).toHaveLength(1);
    });

    test('one query answers for every service, grouped by a label made from the name of the pod', async () => {
      const used = over('max_over_time', 60, metric(memory, main));
      const query = aggregate(
        'sum',
        ['namespace', 'service'],
        relabel('service', 'pod', '(.+)-[0-9a-z]+-[0-9a-z]{5}', used),
      );
      const answer = await prometheus.client.instant(query, start + 300);
      expect(answer.kind === 'instant' && [...answer.samples].sort((a, b) => a.value - b.value)).toEqual([
        { labels: { namespace: 'shop-prod', service: 'cart-api' }, value: 50_000_000 },
        { labels: { namespace: 'shop-prod', service: 'cart' }, value: 300_000_000 },
      ]);
    });

    test('a metric that nobody measured is an empty answer, not a failure', async () => {
      expect((await range(metric('nobody_measures_this'))).series).toEqual([]);
      expect(await prometheus.client.instant(metric('nobody_measures_this'), start)).toEqual({
        kind: 'instant',
        samples: [],
      });
    });

    test('one that does not answer is unreachable, with the reason', async () => {
      const answer = await prometheus.silent.range(metric(cpu), grid);
      expect(answer).toEqual({ kind: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') });
      expect(await prometheus.silent.instant(metric(cpu), start)).toMatchObject({ kind: 'unreachable' });
    });
  });
}
