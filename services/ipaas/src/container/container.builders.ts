import type { SlimDeployment, SlimPod } from '@berth/clients/kubernetes';
import { cartUid } from '../workload/workload.builders.js';

export const now = new Date('2026-01-01T12:00:00Z');

/** RFC 3339, so many seconds before `now`. */
export function ago(seconds: number): string {
  return new Date(now.getTime() - seconds * 1_000).toISOString();
}

/** A container of `shop/prod/cart`, release 1, that has run ready for a minute. */
export function aPod(change: Partial<SlimPod> = {}): SlimPod {
  return {
    uid: 'pod-1',
    name: 'cart-5d8-aaaaa',
    namespace: 'shop-prod',
    resourceVersion: '1',
    labels: { 'berth.dev/installation': 'spec' },
    serviceUid: cartUid,
    release: '1',
    node: 'node-1',
    podIp: '10.0.0.1',
    phase: 'Running',
    ready: true,
    readySince: ago(55),
    restarts: 0,
    state: { running: { startedAt: ago(60) } },
    image: 'cart@sha256:a',
    imageId: 'cart@sha256:a',
    createdAt: ago(65),
    requests: { cpuMillis: 100, memoryMiB: 128 },
    ...change,
  };
}

/** Without the parts that a container does not have before it runs. */
export function aYoungPod(change: Partial<SlimPod> = {}): SlimPod {
  const {
    readySince: _,
    imageId: __,
    podIp: ___,
    ...pod
  } = aPod({ phase: 'Pending', ready: false, state: {}, createdAt: ago(5) });
  return { ...pod, ...change };
}

export function aDeployment(change: Partial<SlimDeployment> = {}): SlimDeployment {
  return {
    uid: 'deployment-1',
    name: 'cart',
    namespace: 'shop-prod',
    resourceVersion: '1',
    labels: {},
    annotations: {},
    serviceUid: cartUid,
    generation: 1,
    observedGeneration: 1,
    paused: false,
    replicas: { spec: 2, total: 2, updated: 2, ready: 2, available: 2 },
    foreignManagers: {},
    createdAt: ago(100),
    ...change,
  };
}
