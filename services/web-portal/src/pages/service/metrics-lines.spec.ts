import type { ContainerMetrics, ServiceMetrics } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { readinessLines, restartLines, usageLines } from './metrics-lines.js';

const words = { total: 'total', limit: 'limit', ready: 'ready', desired: 'desired', restarts: 'restarts' };
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const aContainer = (change: Partial<ContainerMetrics> = {}): ContainerMetrics => ({
  cluster: 'beijing',
  container: 'cart-7d9f-aaaaa',
  release: 1,
  createdAt: iso(1_000),
  endedAt: null,
  limit: { cpuCores: 1, memoryBytes: 100 },
  cpuCores: [0.1, 0.1, 0.1],
  memoryBytes: [10, 10, 10],
  ...change,
});
const metrics = (change: Partial<ServiceMetrics> = {}): ServiceMetrics => ({
  from: iso(1_000),
  to: iso(1_020),
  stepSeconds: 10,
  times: [1_000, 1_010, 1_020],
  containers: [aContainer()],
  omittedContainers: 0,
  clusters: [
    { cluster: 'beijing', cpuCores: [0.1, 0.1, 0.1], memoryBytes: [10, 10, 10] },
    { cluster: 'shanghai', cpuCores: [0.1, 0.1, 0.1], memoryBytes: [10, 10, 10] },
  ],
  total: {
    cpuCores: [0.2, 0.2, 0.2],
    memoryBytes: [20, 20, 20],
    cpuLimitCores: [2, 2, 2],
    memoryLimitBytes: [200, 200, 200],
  },
  readiness: [],
  restarts: [],
  marks: [],
  problem: null,
  ...change,
});

describe('limits', () => {
  test('are those of the time: 100 before a change of the size, 200 after it', () => {
    const before = aContainer({ endedAt: iso(1_010), memoryBytes: [10, null, null] });
    const after = aContainer({ limit: { cpuCores: 1, memoryBytes: 200 }, memoryBytes: [null, 10, 10] });
    const lines = usageLines(metrics({ containers: [before, after] }), 'container', 'memoryBytes', words);
    expect(lines.find(({ kind }) => kind === 'limit')?.values).toEqual([100, 200, 200]);
  });

  test('of a cluster are the sum of its containers', () => {
    const containers = [aContainer(), aContainer({ container: 'b' }), aContainer({ cluster: 'shanghai' })];
    const lines = usageLines(metrics({ containers }), 'cluster', 'memoryBytes', words);
    expect(lines.filter(({ kind }) => kind === 'limit').map(({ label, values }) => [label, values[0]])).toEqual([
      ['limit · beijing', 200],
      ['limit · shanghai', 100],
    ]);
  });
});

test('the sum of ready replicas is a gap while one cluster is silent, not half of them', () => {
  const readiness = [
    { cluster: 'beijing', ready: [2, 2, 2], desired: [2, 2, 2] },
    { cluster: 'shanghai', ready: [null, null, 2], desired: [null, 2, 2] },
  ];
  const [sum] = readinessLines(metrics({ readiness }), words);
  // At first shanghai was not used at all, then it was silent.
  expect(sum?.values).toEqual([2, null, 4]);
});

test('restarts are not 0 before the first container, where nobody knew of any', () => {
  const containers = [aContainer({ createdAt: iso(1_005) })];
  const restarts = [{ cluster: 'beijing', container: 'a', at: iso(1_015) }];
  expect(restartLines(metrics({ containers, restarts }), words)[0]?.values).toEqual([null, 0, 1]);
});
