import type { Envelope } from '@berth/contracts';
import type { DatedObserved, RunningOperation, Service, Target } from './service.js';

/** Builders for specs: a running service `shop/prod/cart`, release #1, in good order; `change` says what differs. */
export const uid = '00000000-0000-4000-8000-000000000001';
export const at = new Date('2026-01-01T00:00:00Z');

export function service(change: Partial<Service> = {}): Service {
  return {
    uid,
    key: 'shop/prod/cart',
    project: 'shop',
    environment: 'prod',
    code: 'cart',
    name: '购物车',
    specVersion: 1,
    liveRelease: 1,
    targetRelease: 1,
    candidateRelease: null,
    restartToken: null,
    generation: 1,
    appliedGeneration: 1,
    settledGeneration: 1,
    placement: {
      generation: 1,
      total: 4,
      stopped: false,
      policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
      assignments: [],
    },
    deleting: false,
    pause: null,
    state: 'running',
    stateSince: null,
    reason: null,
    unreadySince: null,
    lastChange: null,
    createdAt: at,
    ...change,
  };
}

export function target(cluster: string, change: Partial<Target> = {}): Target {
  return {
    cluster,
    epoch: 1,
    generation: 1,
    release: 1,
    replicas: 2,
    restartToken: null,
    halted: false,
    phase: 'run',
    ...change,
  };
}

/** Two ready pods of release #1, rolled out, unless `change` says otherwise; counts follow `ready`. */
export function observed(cluster: string, change: Partial<DatedObserved> = {}): DatedObserved {
  const ready = change.ready ?? 2;
  return {
    cluster,
    generation: 1,
    epoch: 1,
    release: 1,
    restartToken: null,
    replicas: ready,
    updated: ready,
    ready,
    available: ready,
    halted: false,
    rolledOut: true,
    causeCode: null,
    causeDetail: null,
    fresh: true,
    observedAt: at,
    ...change,
  };
}

export function envelope(operationId: string): Envelope {
  return {
    id: '00000000-0000-4000-8000-00000000000e',
    source: 'gateway',
    type: 'ipaas.service.upgrade.v1',
    time: at.toISOString(),
    subject: 'shop/prod/cart',
    sequence: 1,
    correlationId: 'c',
    operationId,
    actor: { id: 'u', name: '李雷', channel: 'portal' },
  };
}

export function operation(id: string, change: Partial<RunningOperation> = {}): RunningOperation {
  return {
    id,
    kind: 'service.upgrade',
    conductor: 'ipaas',
    phase: 'rolling',
    release: 2,
    generation: null,
    restartToken: null,
    restartTokenBefore: null,
    cancel: null,
    steps: [],
    command: envelope(id),
    startedAt: at,
    deadlineAt: new Date(at.getTime() + 420_000),
    rolloutDeadlineAt: new Date(at.getTime() + 300_000),
    ...change,
  };
}
