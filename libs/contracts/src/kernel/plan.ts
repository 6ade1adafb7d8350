import type { OperationKind, OperationStep } from './operation.js';

export type StepName = OperationStep['name'];

/** The steps that an operation takes when nothing goes wrong: the platform's own before the clusters, each cluster's, and after. */
export interface StepPlan {
  readonly before: readonly StepName[];
  readonly cluster: readonly StepName[];
  readonly after: readonly StepName[];
}

const release: StepPlan = {
  before: ['check', 'record_release', 'split_replicas'],
  cluster: ['namespace', 'apply', 'pull', 'start', 'ready'],
  after: ['finish'],
};
const resize: StepPlan = { before: ['check', 'split_replicas'], cluster: ['apply', 'ready'], after: ['finish'] };

/** Conductors send exactly these steps and the portal counts by them, so that a success is n of n. A kind that is not here is one step. */
export const stepPlans: Readonly<Partial<Record<OperationKind, StepPlan>>> = {
  'service.deploy': release,
  'service.upgrade': release,
  'service.rollback': release,
  'service.scale': resize,
  'service.split': { ...resize, cluster: ['apply', 'start', 'ready'] },
  'service.start': { ...resize, cluster: ['apply', 'start', 'ready'] },
  'service.stop': { ...resize, cluster: ['apply', 'drain'] },
  'service.restart': { before: ['check'], cluster: ['apply', 'start', 'ready'], after: ['finish'] },
  'service.delete': { before: ['check'], cluster: ['remove'], after: ['finish'] },
};

/**
 * The steps of one cluster. A cluster that gets no replica is only emptied; one that the service leaves is cleaned up.
 */
export function clusterPlanOf(kind: OperationKind, share: 'runs' | 'empties' | 'leaves' = 'runs'): readonly StepName[] {
  if (share === 'leaves') return ['remove'];
  if (share === 'empties' && kind !== 'service.delete') return ['apply', 'drain'];
  return stepPlans[kind]?.cluster ?? [];
}
