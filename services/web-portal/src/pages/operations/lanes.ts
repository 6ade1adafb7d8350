import type { Operation } from '@berth/api';
import { isFinal, type OperationKind, type OperationStep } from '@berth/contracts';

export interface Lanes {
  /** Steps of the platform before the clusters, and after them. */
  readonly before: readonly OperationStep[];
  readonly clusters: readonly { readonly cluster: string; readonly steps: readonly OperationStep[] }[];
  readonly after: readonly OperationStep[];
  /** Steps still to come, by name: of the platform, and of every cluster. */
  readonly nextBefore: readonly StepName[];
  readonly nextAfter: readonly StepName[];
  readonly done: number;
  readonly total: number;
}
export type StepName = OperationStep['name'];

interface Plan {
  readonly before: readonly StepName[];
  readonly cluster: readonly StepName[];
  readonly after: readonly StepName[];
}

const release: Plan = {
  before: ['check', 'record_release', 'split_replicas'],
  cluster: ['namespace', 'apply', 'pull', 'start', 'ready'],
  after: ['finish'],
};
const plans: Partial<Record<OperationKind, Plan>> = {
  'service.deploy': release,
  'service.upgrade': release,
  'service.rollback': release,
  'service.scale': { before: ['check', 'split_replicas'], cluster: ['apply', 'ready'], after: ['finish'] },
  'service.start': { before: ['check', 'split_replicas'], cluster: ['apply', 'ready'], after: ['finish'] },
  'service.stop': { before: ['check'], cluster: ['drain'], after: ['finish'] },
  'service.restart': { before: ['check'], cluster: ['apply', 'ready'], after: ['finish'] },
  'service.delete': { before: ['check'], cluster: ['drain', 'remove'], after: ['finish'] },
};

const afterNames: readonly StepName[] = ['finish'];

/** An operation that has ended leaves no step under way, also where nobody said how that step ended. */
export function stepsOf({ state, steps, endedAt }: Pick<Operation, 'state' | 'steps' | 'endedAt'>): OperationStep[] {
  if (!isFinal(state) || endedAt === null) return steps;
  return steps.map((step) => {
    if (step.state === 'done' || step.state === 'failed') return step;
    const end = state === 'succeeded' ? ('done' as const) : ('failed' as const);
    return { ...step, state: end, endedAt: step.endedAt ?? endedAt };
  });
}

/** Sorts an operation's steps into the platform's own and one lane for each cluster. */
export function lanesOf(kind: OperationKind, steps: readonly OperationStep[], hasEnded: boolean): Lanes {
  const own = steps.filter((step) => step.cluster === undefined);
  const names = [...new Set(steps.flatMap((step) => step.cluster ?? []))].sort();
  const before = own.filter((step) => !afterNames.includes(step.name));
  const after = own.filter((step) => afterNames.includes(step.name));
  const plan = plans[kind];
  const seen = new Set(own.map((step) => step.name));
  const next = (list: readonly StepName[] | undefined) =>
    hasEnded ? [] : (list ?? []).filter((name) => !seen.has(name));
  const clusters = names.map((cluster) => ({ cluster, steps: steps.filter((step) => step.cluster === cluster) }));
  const done = steps.filter((step) => step.state === 'done').length;
  const planned = plan ? plan.before.length + plan.after.length + plan.cluster.length * Math.max(1, names.length) : 0;
  return {
    before,
    clusters,
    after,
    nextBefore: next(plan?.before),
    nextAfter: next(plan?.after),
    done,
    total: hasEnded ? steps.length : Math.max(planned, steps.length),
  };
}
