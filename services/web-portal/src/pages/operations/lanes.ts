import type { Operation } from '@berth/api';
import {
  clusterPlanOf,
  isFinal,
  stepPlans,
  type OperationKind,
  type OperationStep,
  type StepName,
  type StepShare,
} from '@berth/contracts';

export interface Lane {
  readonly cluster: string;
  readonly steps: readonly OperationStep[];
  /** Steps still to come there. */
  readonly next: readonly StepName[];
}

export interface Lanes {
  /** Steps of the platform before the clusters, and after them. */
  readonly before: readonly OperationStep[];
  readonly clusters: readonly Lane[];
  readonly after: readonly OperationStep[];
  readonly nextBefore: readonly StepName[];
  readonly nextAfter: readonly StepName[];
  readonly done: number;
  /** Null until it is known how many clusters take part: a number that jumps says nothing. */
  readonly total: number | null;
}

const afterNames: readonly StepName[] = ['finish'];

/** An operation that has ended leaves no step under way, also where nobody said how that step ended. */
export function stepsOf({ state, steps, endedAt }: Pick<Operation, 'state' | 'steps' | 'endedAt'>): OperationStep[] {
  if (!isFinal(state) || endedAt === null) return steps;
  return steps.map((step) => {
    if (step.state === 'done' || step.state === 'failed') return step;
    const isDone = state === 'succeeded' || (state === 'cancelled' && step.name === 'undo');
    return { ...step, state: isDone ? 'done' : 'failed', endedAt: step.endedAt ?? endedAt };
  });
}

/** Sorts an operation's steps into the platform's own and one lane for each cluster, with what its plan still has to come. */
export function lanesOf(kind: OperationKind, steps: readonly OperationStep[], hasEnded: boolean): Lanes {
  const own = steps.filter((step) => step.cluster === undefined);
  const before = own.filter((step) => !afterNames.includes(step.name));
  const after = own.filter((step) => afterNames.includes(step.name));
  const plan = stepPlans[kind];
  // What is on its way back follows no plan any more.
  const isOver = hasEnded || steps.some((step) => step.name === 'undo');
  const seen = new Set(own.map((step) => step.name));
  const next = (list: readonly StepName[] = []) => (isOver ? [] : list.filter((name) => !seen.has(name)));
  const clusters = clustersOf(kind, steps, isOver);
  const [nextBefore, nextAfter] = [next(plan?.before), next(plan?.after)];
  const toCome = nextBefore.length + nextAfter.length + clusters.reduce((sum, lane) => sum + lane.next.length, 0);
  const knowsClusters = isOver || clusters.length > 0 || plan === undefined;
  return {
    before,
    clusters,
    after,
    nextBefore,
    nextAfter,
    done: steps.filter((step) => step.state === 'done').length,
    total: knowsClusters ? steps.length + toCome : null,
  };
}

function clustersOf(kind: OperationKind, steps: readonly OperationStep[], isOver: boolean): Lane[] {
  const split = splitOf(steps);
  const named = isOver ? [] : split.map(({ cluster }) => cluster);
  const names = [...new Set([...named, ...steps.flatMap((step) => step.cluster ?? [])])].sort();
  return names.map((cluster) => {
    const own = steps.filter((step) => step.cluster === cluster);
    const share = split.find((row) => row.cluster === cluster);
    const isSeen = (name: StepName) => own.some((step) => step.name === name);
    const next = isOver ? [] : clusterPlanOf(kind, shareOf(share)).filter((name) => !isSeen(name));
    return { cluster, steps: own, next };
  });
}

/** The split as it was decided last. */
export function splitOf(steps: readonly OperationStep[]): readonly StepShare[] {
  return steps.findLast((step) => step.split !== undefined)?.split ?? [];
}

function shareOf(share: StepShare | undefined): 'runs' | 'empties' | 'leaves' {
  if (!share || share.replicas > 0) return 'runs';
  return share.reason.code === 'leaves' ? 'leaves' : 'empties';
}
