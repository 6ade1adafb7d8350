import { describe, expect, test } from '@jest/globals';
import { sharingMachines, usedByCluster } from './together.js';

const cluster = (name: string, ...machines: (string | undefined)[]) => ({
  name,
  nodes: machines.map((machine) => ({ ...(machine && { machine }) })),
});

describe('clusters that share a machine', () => {
  test('2 clusters with nodes of the same machine name one another; the third is alone', () => {
    const shared = sharingMachines([
      cluster('beijing', 'm1', 'm2'),
      cluster('shanghai', 'm2'),
      cluster('hangzhou', 'm3'),
    ]);
    expect(shared.get('beijing')).toEqual(['shanghai']);
    expect(shared.get('shanghai')).toEqual(['beijing']);
    expect(shared.get('hangzhou')).toEqual([]);
  });

  test('nodes that do not tell their machine share none', () => {
    expect(sharingMachines([cluster('beijing', undefined), cluster('shanghai', undefined)]).get('beijing')).toEqual([]);
  });
});

describe('what clusters really use', () => {
  const row = (name: string, cpuCores: number | null, memoryBytes: number | null) => ({
    cluster: name,
    cpuCores,
    memoryBytes,
  });

  test('nodes of a cluster are added up; 1 that was not measured leaves the others', () => {
    const used = usedByCluster([row('beijing', 0.5, 2 ** 30), row('beijing', 0.25, null), row('shanghai', null, null)]);
    expect(used.get('beijing')).toEqual({ cpuMillis: 750, memoryMiB: 1024 });
    expect(used.has('shanghai')).toBe(false);
  });
});
