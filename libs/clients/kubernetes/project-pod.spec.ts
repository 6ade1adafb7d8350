import { describe, expect, test } from '@jest/globals';
import { projectPod } from './project-pod.js';

const metadata = {
  name: 'cart-1',
  namespace: 'shop-prod',
  uid: 'u-1',
  resourceVersion: '7',
  creationTimestamp: '2026-01-01T00:00:00Z',
};

describe('a slim pod', () => {
  test('that was killed for memory 3 times says so, with exit code 137 and the time', () => {
    const terminated = {
      exitCode: 137,
      reason: 'OOMKilled',
      startedAt: '2026-01-01T00:00:01Z',
      finishedAt: '2026-01-01T00:00:09Z',
    };
    const pod = projectPod({
      metadata: {
        ...metadata,
        labels: { 'berth.dev/service-uid': 's-1', 'berth.dev/release': '8', app: 'foreign' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-5d', controller: true }],
      },
      spec: {
        nodeName: 'node-1',
        containers: [
          { name: 'app', image: 'cart:1' },
          { name: 'sidecar', image: 'proxy:1' },
        ],
      },
      status: {
        phase: 'Running',
        podIP: '10.0.0.9',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          { name: 'sidecar', restartCount: 0, state: { running: { startedAt: '2026-01-01T00:00:01Z' } } },
          {
            name: 'app',
            restartCount: 3,
            imageID: 'cart@sha256:1',
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
            lastState: { terminated },
          },
        ],
      },
    });
    expect(pod).toEqual({
      uid: 'u-1',
      name: 'cart-1',
      namespace: 'shop-prod',
      resourceVersion: '7',
      createdAt: '2026-01-01T00:00:00Z',
      labels: { 'berth.dev/service-uid': 's-1', 'berth.dev/release': '8' },
      serviceUid: 's-1',
      release: '8',
      node: 'node-1',
      podIp: '10.0.0.9',
      phase: 'Running',
      ready: false,
      container: 'app',
      restarts: 3,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
      lastTermination: terminated,
      image: 'cart:1',
      imageId: 'cart@sha256:1',
      ownerKind: 'ReplicaSet',
      ownerName: 'cart-5d',
      requests: { cpuMillis: 0, memoryMiB: 0 },
    });
  });

  test('reserves 350 m: 200 and 50 of its containers, 100 of a sidecar, and 0 of a smaller init container', () => {
    const asks = (cpu: string, extra: object = {}) => ({
      name: cpu,
      resources: { requests: { cpu, memory: '64Mi' } },
      ...extra,
    });
    const spec = {
      containers: [asks('200m'), asks('50m')],
      initContainers: [asks('100m', { restartPolicy: 'Always' }), asks('300m')],
    };
    expect(projectPod({ metadata, spec }).requests).toEqual({ cpuMillis: 350, memoryMiB: 192 });
  });

  test('that no node takes has the words of the scheduler', () => {
    const message = '0/1 nodes are available: 1 Insufficient cpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    const pod = projectPod({
      metadata,
      spec: { containers: [{ name: 'app' }] },
      status: { phase: 'Pending', conditions },
    });
    expect(pod).toMatchObject({
      phase: 'Pending',
      ready: false,
      state: {},
      unscheduled: { reason: 'Unschedulable', message },
    });
  });

  test('is refused when it is no pod', () => {
    expect(() => projectPod({ metadata })).toThrow();
  });
});
