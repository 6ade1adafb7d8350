import { expect, test } from '@jest/globals';
import { pendingReason } from './container-words.js';

test.each([
  ['0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available', 'pending', 'no_capacity'],
  ['0/3 nodes are available: 3 Insufficient memory.', 'pending', 'no_capacity'],
  ['0/1 nodes are available: 1 Too many pods.', 'pending', 'no_capacity'],
  ['0/1 nodes are available: 1 node(s) had untolerated taint', 'pending', 'no_node'],
  ['waiting for the first look', 'pending', null],
  ['Insufficient cpu', 'crash_looping', null],
] as const)('%s of a container that is %s: %s', (detail, state, reason) => {
  expect(pendingReason({ state, detail })).toBe(reason);
});
