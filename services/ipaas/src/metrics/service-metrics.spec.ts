import type { Series } from '@berth/clients/prometheus';
import { describe, expect, test } from '@jest/globals';
import { serviceMetrics, type LivedContainer, type MetricsInput, type ReadinessChange } from './service-metrics.js';

const grid = { fromSeconds: 1_000, toSeconds: 1_040, stepSeconds: 10 };
const at = (seconds: number) => new Date(seconds * 1_000);

function aContainer(change: Partial<LivedContainer> = {}): LivedContainer {
  return {
    cluster: 'beijing',
    name: 'cart-7d9f-aaaaa',
    release: 3,
    createdAt: at(0),
    endedAt: null,
    restartMarks: [],
    size: { cpuMillis: 500, memoryMiB: 256 },
    ...change,
  };
}

const series = (pod: string, values: (number | null)[], cluster = 'beijing'): Series => ({
  labels: { cluster, namespace: 'shop-prod', pod },
  values,
});

function metricsOf(change: Partial<MetricsInput>) {
  const nothing = { cpu: [], memory: [], containers: [], readiness: [], marks: [], problem: null };
  return serviceMetrics({ grid, ...nothing, ...change });
}

describe('the metrics of a service', () => {
  const [a, b] = [aContainer(), aContainer({ name: 'cart-7d9f-bbbbb', cluster: 'shanghai' })];

  test('are summed by cluster and for the service; while a cluster is silent the sum of all is not known', () => {
    const shown = metricsOf({
      containers: [a, b],
      cpu: [series(a.name, [0.1, 0.1, null, 0.1, null]), series(b.name, [0.2, 0.2, 0.2, 0.2, null], 'shanghai')],
    });
    expect(shown.containers[0]?.cpuCores).toEqual([0.1, 0.1, null, 0.1, null]);
    expect(shown.clusters.map(({ cluster, cpuCores }) => [cluster, cpuCores[2]])).toEqual([
      ['beijing', null],
      ['shanghai', 0.2],
    ]);
    expect(shown.total.cpuCores).toEqual([0.3, 0.3, null, 0.3, null]);
  });

  test('a gap of one container of a cluster is no gap of the sum, nor is one that began 30 s ago', () => {
    const c = aContainer({ name: 'cart-7d9f-ccccc' });
    const young = aContainer({ name: 'cart-7d9f-ddddd', cluster: 'shanghai', createdAt: at(1_000) });
    const shown = metricsOf({
      containers: [a, c, young],
      cpu: [series(a.name, [0.1, null, 0.1, 0.1, 0.1]), series(c.name, [0.2, 0.2, 0.2, 0.2, 0.2])],
    });
    expect(shown.total.cpuCores).toEqual([0.3, 0.2, 0.3, 0.3, 0.3]);
  });

  test('have as limit of the sum what the measured containers may use together', () => {
    const shown = metricsOf({
      containers: [a, { ...b, cluster: 'beijing' }],
      memory: [series(a.name, [1, 1, 1, 1, 1]), series(b.name, [null, null, 1, 1, null])],
    });
    const each = 256 * 2 ** 20;
    expect(shown.total.memoryLimitBytes).toEqual([each, each, 2 * each, 2 * each, each]);
    expect(shown.total.cpuLimitCores).toEqual([null, null, null, null, null]);
    expect(shown.containers[0]?.limit).toEqual({ cpuCores: 0.5, memoryBytes: each });
  });

  test('end with the container, though the query looks back over its end', () => {
    const ended = aContainer({ createdAt: at(1_010), endedAt: at(1_025) });
    const shown = metricsOf({ containers: [ended], memory: [series(ended.name, [9, 9, 9, 9, 9])] });
    expect(shown.containers[0]?.memoryBytes).toEqual([null, 9, 9, null, null]);
  });

  test('leave out series of containers that are not of this service', () => {
    const shown = metricsOf({ containers: [a], cpu: [series('cart-7d9f-zzzzz', [1, 1, 1, 1, 1])] });
    expect(shown.total.cpuCores).toEqual([null, null, null, null, null]);
  });

  test('show 60 containers, those that run first, and count the rest into the sums', () => {
    const past = Array.from({ length: 70 }, (_, index) => aContainer({ name: `p-${index}`, endedAt: at(5_000) }));
    const shown = metricsOf({ containers: [...past, a], cpu: past.map(({ name }) => series(name, [1, 1, 1, 1, 1])) });
    expect([shown.containers.length, shown.omittedContainers]).toEqual([60, 11]);
    expect(shown.containers[0]?.container).toBe(a.name);
    expect(shown.total.cpuCores[0]).toBe(70);
  });

  test('name restarts in the range, in order', () => {
    const marks = [at(100), at(1_020), at(1_005)];
    const { restarts } = metricsOf({ containers: [aContainer({ restartMarks: marks })] });
    expect(restarts.map((restart) => restart.at)).toEqual([at(1_005).toISOString(), at(1_020).toISOString()]);
  });
});

describe('readiness', () => {
  const change = (seconds: number, ready: number | null, desired = 2, cluster = 'beijing'): ReadinessChange => ({
    cluster,
    at: at(seconds),
    ready,
    desired,
  });

  test.each<[string, ReadinessChange[], (number | null)[]]>([
    ['stays what it was before the range', [change(10, 2)], [2, 2, 2, 2, 2]],
    ['changes at the point after the change', [change(10, 2), change(1_015, 1)], [2, 2, 1, 1, 1]],
    ['shows a dip between two points', [change(10, 2), change(1_012, 0), change(1_014, 2)], [2, 2, 0, 2, 2]],
    [
      'is unknown while the cluster is silent',
      [change(10, 2), change(1_015, null), change(1_035, 2)],
      [2, 2, null, null, 2],
    ],
    ['is unknown before it was first noted', [change(1_015, 1)], [null, null, 1, 1, 1]],
  ])('%s', (_, readiness, expected) => {
    expect(metricsOf({ readiness }).readiness).toEqual([
      { cluster: 'beijing', ready: expected, desired: expect.any(Array) },
    ]);
  });

  test('is told by cluster, with what was wanted at the point', () => {
    const readiness = [change(10, 2), change(20, 1, 1, 'shanghai'), change(1_015, 2, 4)];
    expect(metricsOf({ readiness }).readiness).toEqual([
      { cluster: 'beijing', ready: [2, 2, 2, 2, 2], desired: [2, 2, 4, 4, 4] },
      { cluster: 'shanghai', ready: [1, 1, 1, 1, 1], desired: [1, 1, 1, 1, 1] },
    ]);
  });
});
