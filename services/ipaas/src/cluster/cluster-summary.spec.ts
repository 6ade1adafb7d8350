import type { SlimNode } from '@berth/clients/kubernetes';
import { describe, expect, test } from '@jest/globals';
import { aPod } from '../container/container.builders.js';
import { isWorthSaying, summarise } from './cluster-summary.js';

const node = (name: string, change: Partial<SlimNode> = {}): SlimNode => ({
  uid: name,
  name,
  resourceVersion: '1',
  ready: true,
  unschedulable: false,
  architecture: 'amd64',
  kubeletVersion: 'v1.34.4',
  allocatable: { cpuMillis: 4000, memoryMiB: 8192, pods: 110 },
  createdAt: '2026-01-01T00:00:00Z',
  ...change,
});
const isOurs = ({ labels }: { labels: Readonly<Record<string, string>> }) => 'berth.dev/installation' in labels;
const foreign = { labels: {}, requests: { cpuMillis: 300, memoryMiB: 200 } };

describe('what a cluster has and what others take', () => {
  test('only nodes that are ready and take containers offer room, and only what others take there counts', () => {
    const summary = summarise({
      nodes: [node('b'), node('a'), node('down', { ready: false }), node('cordoned', { unschedulable: true })],
      pods: [
        aPod({ node: 'a' }),
        aPod({ ...foreign, node: 'a' }),
        aPod({ ...foreign, node: 'b' }),
        aPod({ ...foreign, node: 'down' }),
      ],
      isOurs,
    });
    expect(summary.allocatable).toEqual({ cpuMillis: 8000, memoryMiB: 16_384, pods: 220 });
    expect(summary.foreign).toEqual({ cpuMillis: 600, memoryMiB: 400, pods: 2 });
    expect(summary.nodes.map(({ name, requested }) => [name, requested.cpuMillis])).toEqual([
      ['a', 400],
      ['b', 300],
      ['cordoned', 0],
      ['down', 300],
    ]);
  });

  test('nodes of 1 machine say the same of it; a node that does not tell says nothing', () => {
    const { nodes } = summarise({
      nodes: [node('a', { bootId: 'boot-1' }), node('b', { bootId: 'boot-1' }), node('c')],
      pods: [],
      isOurs,
    });
    expect(nodes.map(({ machine }) => machine)).toEqual(['boot-1', 'boot-1', undefined]);
  });

  test('containers that ended, or have no node, take nothing', () => {
    const pods = [aPod({ ...foreign, node: 'a', phase: 'Succeeded' }), aPod({ ...foreign, node: undefined as never })];
    expect(summarise({ nodes: [node('a')], pods, isOurs }).foreign).toEqual({ cpuMillis: 0, memoryMiB: 0, pods: 0 });
  });
});

describe('when to speak of a cluster', () => {
  const last = { content: 'a', atMs: 0 };
  test.each([
    ['the first time', null, 'a', 'live', 0, true],
    ['a change after 0.9 s', last, 'b', 'live', 900, false],
    ['a change after 1 s', last, 'b', 'live', 1_000, true],
    ['nothing new after 4.9 s', last, 'a', 'live', 4_900, false],
    ['nothing new after 5 s while it is heard', last, 'a', 'live', 5_000, true],
    ['nothing new after a minute of silence', last, 'a', 'stale', 60_000, false],
  ] as const)('%s', (_, before, content, watch, nowMs, expected) => {
    expect(isWorthSaying(before, content, watch, nowMs)).toBe(expected);
  });
});
