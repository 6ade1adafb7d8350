import type { Container } from '@berth/api';
import type { ClusterPhase, OperationState, OperationStep, ServiceState } from '@berth/contracts';

/** The six looks of a state. Each has its own shape, so that colour is never the only sign. */
export type Tone = 'ok' | 'warn' | 'bad' | 'pending' | 'unknown' | 'off';

const services: Record<ServiceState, Tone> = {
  undeployed: 'off',
  deploying: 'pending',
  running: 'ok',
  changing: 'pending',
  degraded: 'warn',
  down: 'bad',
  deploy_failed: 'bad',
  stopped: 'off',
  deleting: 'pending',
  unknown: 'unknown',
};
const operations: Record<OperationState, Tone> = {
  accepted: 'pending',
  running: 'pending',
  succeeded: 'ok',
  refused: 'warn',
  failed: 'bad',
  superseded: 'off',
  cancelled: 'off',
};
const containers: Record<Container['state'], Tone> = {
  pending: 'pending',
  pulling: 'pending',
  starting: 'pending',
  running: 'ok',
  not_ready: 'warn',
  crash_looping: 'bad',
  image_error: 'bad',
  terminating: 'off',
  ended: 'off',
  unknown: 'unknown',
};
const phases: Record<ClusterPhase, Tone> = {
  joining: 'pending',
  ready: 'ok',
  suspect: 'warn',
  dead: 'bad',
  quarantined: 'unknown',
};
const steps: Record<OperationStep['state'], Tone> = { running: 'pending', done: 'ok', failed: 'bad', waiting: 'warn' };

export const toneOf = {
  service: (state: ServiceState) => services[state],
  operation: (state: OperationState) => operations[state],
  container: (state: Container['state']) => containers[state],
  phase: (phase: ClusterPhase) => phases[phase],
  step: (state: OperationStep['state']) => steps[state],
};
