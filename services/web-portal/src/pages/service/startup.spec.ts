import type { Container } from '@berth/api';
import { expect, test } from '@jest/globals';
import { startingContainer } from './startup.js';

const at = (minute: number) => `2026-11-21T09:0${minute}:00Z`;
const container = (name: string, release: number, state: Container['state'], minute: number) =>
  ({ name, release, state, ready: state === 'running', createdAt: at(minute) }) as Container;

test('of the newest release #2 the newest container that is not ready is watched', () => {
  const rows = [
    container('old', 1, 'not_ready', 5),
    container('first', 2, 'starting', 1),
    container('second', 2, 'pulling', 2),
    container('up', 2, 'running', 3),
    container('leaving', 2, 'terminating', 4),
  ];
  expect(startingContainer(rows)?.name).toBe('second');
});

test('when all run, or nothing is heard of them, there is none', () => {
  expect(startingContainer([container('a', 1, 'running', 1), container('b', 2, 'unknown', 1)])).toBeNull();
});
