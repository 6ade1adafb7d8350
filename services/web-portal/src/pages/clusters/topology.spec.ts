import type { Cluster, Topology } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { sitesOf } from './topology.js';

const resources = { cpuMillis: 1, memoryMiB: 1, pods: 1 };
const node = (name: string) => ({ name, ready: true, schedulable: true, allocatable: resources, requested: resources });
const cluster = (name: string, site: string, nodes: string[]) =>
  ({ name, displayName: name, site, phase: 'ready', nodes: nodes.map(node) }) as unknown as Cluster;
const container = (name: string, on: string | null, inCluster = 'beijing'): Topology['containers'][number] => ({
  cluster: inCluster,
  node: on,
  service: 0,
  name,
  state: 'running',
  restarts: 0,
  release: 1,
});
const topology = (...containers: Topology['containers']): Topology => ({ services: [], containers, dataAsOf: '' });

describe('the containers by site, cluster and node', () => {
  test('have every node in the order a person counts, empty ones and those without a node too', () => {
    const [site] = sitesOf(
      topology(container('a', 'n-10'), container('b', 'n-2'), container('c', null)),
      [cluster('beijing', '亦庄', ['n-10', 'n-2', 'n-3'])],
      [],
    );
    expect(site?.clusters[0]?.nodes.map(({ name, containers }) => [name, containers.length])).toEqual([
      [null, 1],
      ['n-2', 1],
      ['n-3', 0],
      ['n-10', 1],
    ]);
  });

  test('are grouped by site; a cluster that is gone is drawn by what is still in it', () => {
    const sites = sitesOf(
      topology(container('a', 'n-1', 'gone')),
      [cluster('beijing', '亦庄', []), cluster('tianjin', '亦庄', [])],
      [],
    );
    expect(sites.map(({ site, clusters }) => [site, clusters.map(({ name }) => name)])).toEqual([
      ['亦庄', ['beijing', 'tianjin']],
      ['', ['gone']],
    ]);
  });
});
