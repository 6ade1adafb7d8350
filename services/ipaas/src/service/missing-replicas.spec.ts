import { expect, test } from '@jest/globals';
import { missingReplicas, type Present } from './missing-replicas.js';
import { at, observed, target } from './service.builders.js';

const present = (change: Partial<Present>): Present => ({
  targets: [target('beijing'), target('shanghai')],
  observed: [observed('beijing'), observed('shanghai')],
  containers: new Map([
    ['beijing', 2],
    ['shanghai', 1],
  ]),
  paused: false,
  unreadySince: at,
  ...change,
});
const shanghai = (change: Partial<ReturnType<typeof observed>>) =>
  present({ observed: [observed('beijing'), observed('shanghai', change)] });

test('a container that is there is not missing, whatever its state; more than wanted is nothing', () => {
  const containers = new Map([
    ['beijing', 3],
    ['shanghai', 2],
  ]);
  expect(missingReplicas(present({ containers }))).toEqual([]);
});

test.each([
  ['its cluster has yet to make it', present({}), 'starting'],
  ['a quota', shanghai({ causeCode: 'quota', causeDetail: 'exceeded quota' }), 'quota'],
  ['no room', shanghai({ causeCode: 'unschedulable' }), 'no_capacity'],
  ['silence', shanghai({ fresh: false }), 'cluster_silent'],
  ['a pause', present({ paused: true }), 'paused'],
])('one is missing in shanghai because of %s', (_, given, reason) => {
  expect(missingReplicas(given)).toEqual([
    expect.objectContaining({ cluster: 'shanghai', count: 1, reason, since: at.toISOString() }),
  ]);
});

test('a cluster that the service leaves misses nothing', () => {
  const targets = [target('shanghai', { phase: 'remove', replicas: 2 })];
  expect(missingReplicas(present({ targets, containers: new Map() }))).toEqual([]);
});
