import type { SlimPod, Termination } from '@berth/clients/kubernetes';
import { describe, expect, test } from '@jest/globals';
import { aPod, aYoungPod, ago, now } from './container.builders.js';
import { containerState } from './container-state.js';

const waiting = (reason: string, message?: string): Partial<SlimPod> => ({
  ready: false,
  state: { waiting: { reason, ...(message && { message }) } },
});
const crash = { exitCode: 78, reason: 'Error', finishedAt: ago(5) };

const table: [string, SlimPod, string, string | null][] = [
  ['runs and is ready', aPod(), 'running', null],
  [
    'no node takes it',
    aYoungPod({ node: undefined as never, unscheduled: { reason: 'Unschedulable', message: '0/1 nodes' } }),
    'pending',
    '0/1 nodes',
  ],
  ['has a node and the kubelet has said nothing', aYoungPod(), 'starting', null],
  ['is being created and has no image yet', aYoungPod(waiting('ContainerCreating')), 'pulling', null],
  [
    'is being created and has its image',
    aYoungPod({ ...waiting('ContainerCreating'), imageId: 'x' }),
    'starting',
    null,
  ],
  [
    'its image does not exist',
    aYoungPod(waiting('ErrImagePull', 'manifest unknown')),
    'image_error',
    'ErrImagePull: manifest unknown',
  ],
  ['its image is tried again later', aYoungPod(waiting('ImagePullBackOff')), 'image_error', 'ImagePullBackOff'],
  [
    'a Secret is missing',
    aYoungPod(waiting('CreateContainerConfigError', 'secret "x" not found')),
    'starting',
    'CreateContainerConfigError: secret "x" not found',
  ],
  [
    'waits after its 3rd crash',
    aPod({ ...waiting('CrashLoopBackOff', 'back-off 40s'), restarts: 3, lastTermination: crash }),
    'crash_looping',
    'exit code 78',
  ],
  [
    'crashed and was killed for memory',
    aPod({ ...waiting('CrashLoopBackOff'), restarts: 1, lastTermination: { exitCode: 137, reason: 'OOMKilled' } }),
    'crash_looping',
    'exit code 137 (OOMKilled)',
  ],
  [
    'has just crashed for the first time',
    aPod({ ready: false, state: { terminated: crash } }),
    'crash_looping',
    'exit code 78',
  ],
  [
    'has just ended with 0 for the first time',
    aPod({ ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
    'starting',
    'exit code 0',
  ],
  [
    'runs for 9 s and is not ready',
    aPod({ ready: false, state: { running: { startedAt: ago(9) } } }),
    'starting',
    null,
  ],
  [
    'runs for 10 s and is not ready',
    aPod({ ready: false, state: { running: { startedAt: ago(10) } } }),
    'not_ready',
    null,
  ],
  [
    'runs again for 1 s after a crash',
    aPod({ ready: false, restarts: 1, lastTermination: crash, state: { running: { startedAt: ago(1) } } }),
    'not_ready',
    'exit code 78',
  ],
  ['is on its way out', aPod({ deletionTimestamp: ago(1) }), 'terminating', null],
  [
    'is on its way out and was crashing',
    aPod({ ...waiting('CrashLoopBackOff'), deletionTimestamp: ago(1) }),
    'terminating',
    null,
  ],
  ['was evicted', aPod({ ready: false, phase: 'Failed', reason: 'Evicted', state: {} }), 'ended', 'Evicted'],
  [
    'ended by a signal',
    aPod({ ready: false, phase: 'Failed', state: { terminated: { exitCode: 137, signal: 9, reason: 'Error' } } }),
    'ended',
    'signal 9',
  ],
];

describe('how a run ended', () => {
  const words = (end: Termination) => containerState(aPod({ ready: false, state: { terminated: end } }), now);

  test('is told in numbers, beside an English sentence', () => {
    expect(words({ exitCode: 78, reason: 'Error', message: ' APP_PORT is missing\n' })).toEqual({
      state: 'crash_looping',
      detail: 'exit code 78: APP_PORT is missing',
      end: { exitCode: 78, signal: null, reason: null, message: 'APP_PORT is missing' },
    });
    expect(words({ exitCode: 137, reason: 'OOMKilled' }).end).toEqual({
      exitCode: 137,
      signal: null,
      reason: 'OOMKilled',
      message: null,
    });
    expect(words({ exitCode: 137, signal: 9, reason: 'Error' })).toMatchObject({
      detail: 'signal 9',
      end: { signal: 9 },
    });
  });

  test('is not told of a container that has something else to say', () => {
    expect(containerState(aPod(waiting('ErrImagePull', 'manifest unknown')), now).end).toBeNull();
    expect(containerState(aPod({ ready: false, phase: 'Failed', reason: 'Evicted' }), now).end).toBeNull();
    expect(containerState(aPod({ restarts: 1, lastTermination: crash }), now).end).toBeNull();
  });
});

describe('the state of a container', () => {
  test.each(table)('that %s', (_, pod, state, detail) => {
    expect(containerState(pod, now)).toMatchObject({ state, detail });
  });
});
