import { describe, expect, test } from '@jest/globals';
import { ClusterError } from './errors.js';
import { projectEvent } from './project-others.js';
import { projectPod } from './project-pod.js';

const metadata = {
  name: 'cart-1',
  namespace: 'shop-prod',
  uid: 'u-1',
  resourceVersion: '7',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
/** As a container may write it to /dev/termination-log. */
const lastWords = 'core\u0000dumped \ud83d';

describe('text from a cluster', () => {
  test('that a container wrote last is kept without its NUL and its half of a face', () => {
    const pod = projectPod({
      metadata,
      spec: { containers: [{ name: 'app' }] },
      status: {
        containerStatuses: [
          { name: 'app', restartCount: 1, lastState: { terminated: { exitCode: 1, message: lastWords } } },
        ],
      },
    });
    expect(pod.lastTermination).toEqual({ exitCode: 1, message: 'core\ufffddumped \ufffd' });
  });

  test('in an event is kept the same way', () => {
    const event = projectEvent({ metadata, involvedObject: {}, message: `Readiness probe failed: ${lastWords}` });
    expect(event.message).toBe('Readiness probe failed: core\ufffddumped \ufffd');
  });

  test('in a refusal is kept the same way', () => {
    expect(new ClusterError('invalid', lastWords).message).toBe('core\ufffddumped \ufffd');
  });
});
