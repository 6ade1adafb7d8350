import type { ResolvedImage, ServiceSpec } from '@berth/contracts';
import type { Target } from './objects.js';
import { renderRelease, type RenderInput } from './render.js';

/** Builders for specs: the service `shop/prod/cart`, release 1, in the cluster beijing. `change` says what differs. */
export const cartUid = '00000000-0000-4000-8000-00000000ca51';

export function aSpec(change: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    image: 'registry.berth.local:5000/shop/cart:1.0',
    size: { cpuMillis: 1000, memoryMiB: 1024 },
    ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
    variables: [],
    readiness: { kind: 'tcp', port: 8080, periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 },
    liveness: null,
    startupAllowanceSeconds: 60,
    gracefulStopSeconds: 30,
    runAsUser: null,
    rolloutDeadlineSeconds: 300,
    ...change,
  };
}

export function anImage(change: Partial<ResolvedImage> = {}): ResolvedImage {
  return {
    reference: 'registry.berth.local:5000/shop/cart:1.0',
    repository: 'shop/cart',
    tag: '1.0',
    digest: `sha256:${'a'.repeat(64)}`,
    architecture: 'amd64',
    user: '1000',
    exposedPorts: [8080],
    sizeBytes: 1,
    ...change,
  };
}

export function aRender(change: Partial<RenderInput> = {}): RenderInput {
  return {
    key: 'shop/prod/cart',
    uid: cartUid,
    name: '购物车',
    release: 1,
    spec: aSpec(),
    image: anImage(),
    requestRatio: 1,
    installationId: 'spec',
    ...change,
  };
}

export function aTarget(change: Partial<Target> = {}, render: Partial<RenderInput> = {}): Target {
  const key = change.key ?? render.key ?? 'shop/prod/cart';
  const serviceUid = change.serviceUid ?? cartUid;
  const release = change.release ?? 1;
  return {
    serviceUid,
    cluster: 'beijing',
    key,
    epoch: 1,
    generation: 1,
    release,
    replicas: 2,
    restartToken: null,
    halted: false,
    phase: 'run',
    paused: false,
    rendered: renderRelease(aRender({ key, uid: serviceUid, release, ...render })),
    ...change,
  };
}
