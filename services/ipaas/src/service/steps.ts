import { clusterPlanOf, cutText, type OperationKind, type OperationStep } from '@berth/contracts';
import { endParams } from '../container/cause.js';
import { newReady } from './service-state.js';
import type { Observed, Target } from './service.js';
import { spoken } from './step-text.js';

/** What is true of a step now; times are added when it is merged into the steps so far. */
export interface StepFact {
  readonly name: OperationStep['name'];
  readonly cluster?: string;
  readonly state: OperationStep['state'];
  readonly fact?: OperationStep['fact'];
  readonly detail?: string;
  readonly split?: OperationStep['split'];
}

/** Causes that only a container which was started can have: its image is there. */
const causesOfStarted: readonly (string | null)[] = ['crash_loop', 'probe_failing', 'exit'];
/** Causes that stand in the way of the namespace itself. */
const causesOfNamespace: readonly (string | null)[] = ['foreign_namespace', 'terminating'];

/** True when the Deployment in the cluster is the one that the target asks for. */
export function carries(row: Observed, target: Target): boolean {
  return (
    row.generation === target.generation &&
    row.epoch === target.epoch &&
    row.release === target.release &&
    row.restartToken === target.restartToken &&
    row.halted === target.halted
  );
}

/** True when the cluster runs exactly what the target asks for: the right release, rolled out, as many ready as wanted. */
export function hasArrived(target: Target, row: Observed | undefined): boolean {
  return row !== undefined && row.fresh && carries(row, target) && row.rolledOut && row.ready === target.replicas;
}

/** Steps of a roll-out or a scale, cluster by cluster, as the plan of its kind has them. */
export function rolloutFacts(
  kind: OperationKind,
  targets: readonly Target[],
  observed: readonly Observed[],
): StepFact[] {
  const seen = new Map(observed.map((row) => [row.cluster, row]));
  return targets.flatMap((target) => {
    const row = seen.get(target.cluster);
    if (target.phase === 'remove') return [removeFact(target, row)];
    const plan = clusterPlanOf(kind, target.replicas === 0 ? 'empties' : 'runs');
    return clusterFacts(target, row).filter(({ name }) => plan.includes(name));
  });
}

/** The one step that a delete has in each cluster that still holds something. */
export function removeFact(target: Target, row: Observed | undefined): StepFact {
  const isSilent = row !== undefined && !row.fresh;
  return said(
    'remove',
    target,
    isSilent ? 'waiting' : 'running',
    isSilent ? { code: 'removing' } : undefined,
    isSilent,
  );
}

/** The way back of what is cancelled: the cluster runs what served before. */
export function undoFact(target: Target, row: Observed | undefined): StepFact {
  const { release, replicas } = target;
  const isSilent = row !== undefined && !row.fresh;
  const params = { release, ready: Math.min(row?.ready ?? 0, replicas), desired: replicas };
  const state = hasArrived(target, row) ? 'done' : isSilent ? 'waiting' : 'running';
  return said('undo', target, state, { code: 'undo', params }, isSilent);
}

function clusterFacts(target: Target, row: Observed | undefined): StepFact[] {
  const isSilent = row !== undefined && !row.fresh;
  const open = isSilent ? 'waiting' : 'running';
  if (!row || !carries(row, target)) {
    const hasNamespace = row !== undefined && !causesOfNamespace.includes(row.causeCode);
    const why = row?.causeCode ? { code: 'blocked', params: causeParams(row) } : undefined;
    if (!hasNamespace) return [said('namespace', target, open, why, isSilent)];
    return [said('namespace', target, 'done'), said('apply', target, open, why, isSilent)];
  }
  const { release, replicas } = target;
  const applied = [
    said('namespace', target, 'done'),
    said('apply', target, 'done', { code: 'applied', params: { release, replicas } }),
  ];
  if (replicas === 0) return [...applied, drainFact(target, row)];
  return [...applied, ...startFacts(target, row, open), readyFact(target, row)];
}

function startFacts(target: Target, row: Observed, open: 'running' | 'waiting'): StepFact[] {
  const { replicas } = target;
  const isPulled = newReady(row) > 0 || causesOfStarted.includes(row.causeCode);
  const pulling =
    row.causeCode === 'image_pull' && !isPulled ? { code: 'pulling', params: causeParams(row) } : undefined;
  const isStarted = isPulled && row.updated >= replicas;
  const started = { code: 'started', params: { started: Math.min(row.updated, replicas), desired: replicas } };
  return [
    said('pull', target, isPulled ? 'done' : open, pulling),
    said('start', target, isStarted ? 'done' : open, started),
  ];
}

function readyFact(target: Target, row: Observed): StepFact {
  const count = { ready: Math.min(newReady(row), target.replicas), desired: target.replicas };
  const isDone = hasArrived(target, row);
  const params = { ...count, ...(!isDone && causeParams(row)) };
  const state = isDone ? 'done' : row.fresh ? 'running' : 'waiting';
  return said('ready', target, state, { code: 'ready', params }, !row.fresh);
}

function drainFact(target: Target, row: Observed): StepFact {
  const state = hasArrived(target, row) ? 'done' : row.fresh ? 'running' : 'waiting';
  return said('drain', target, state, { code: 'left', params: { count: row.replicas } }, !row.fresh);
}

function said(
  name: StepFact['name'],
  { cluster }: Target,
  state: StepFact['state'],
  about?: NonNullable<OperationStep['fact']>,
  isSilent = false,
): StepFact {
  const fact = isSilent ? { code: about?.code ?? 'silent', params: { ...about?.params, silent: true } } : about;
  return { name, cluster, state, ...(fact && { fact, detail: spoken(fact) }) };
}

function causeParams({ causeCode, causeDetail, causeEnd }: Observed): Record<string, string | number> {
  return {
    ...(causeCode && { cause: causeCode }),
    ...(causeDetail && { said: cutText(causeDetail, 300) }),
    ...endParams(causeEnd),
  };
}

/** Cause code and what the cluster said, as one short text. */
export function causeText({ causeCode, causeDetail }: Pick<Observed, 'causeCode' | 'causeDetail'>): string {
  return cutText([causeCode, causeDetail].filter((part) => part).join(': '));
}

export interface MergedSteps {
  readonly steps: OperationStep[];
  /** Those that are new or differ. */
  readonly changed: OperationStep[];
}

/** Merges facts into the steps so far, by name and cluster. A step that is done stays done: later flicker is not its business. */
export function mergeSteps(soFar: readonly OperationStep[], facts: readonly StepFact[], now: Date): MergedSteps {
  const steps = [...soFar];
  const changed: OperationStep[] = [];
  for (const fact of facts) {
    const index = steps.findIndex((step) => step.name === fact.name && step.cluster === fact.cluster);
    const before = steps[index];
    if (before && (before.state === 'done' || isSame(before, fact))) continue;
    const step = stepOf(fact, before, now);
    if (before) steps[index] = step;
    else steps.push(step);
    changed.push(step);
  }
  return { steps, changed };
}

/** Ends every step that still runs or waits, as the operation ends. */
export function closeSteps(soFar: readonly OperationStep[], state: 'done' | 'failed', now: Date): MergedSteps {
  const open = soFar.filter((step) => step.state === 'running' || step.state === 'waiting');
  return mergeSteps(
    soFar,
    open.map((step) => ({ ...step, state })),
    now,
  );
}

function isSame(step: OperationStep, fact: StepFact): boolean {
  const textOf = (one: OperationStep['fact']) => JSON.stringify(one ?? null);
  return step.state === fact.state && step.detail === fact.detail && textOf(step.fact) === textOf(fact.fact);
}

function stepOf(fact: StepFact, before: OperationStep | undefined, now: Date): OperationStep {
  const { name, cluster, state } = fact;
  const isOver = state === 'done' || state === 'failed';
  return {
    name,
    ...(cluster !== undefined && { cluster }),
    state,
    startedAt: before?.startedAt ?? now.toISOString(),
    ...(isOver && { endedAt: now.toISOString() }),
    ...(fact.fact && { fact: fact.fact }),
    ...(fact.detail !== undefined && { detail: fact.detail }),
    ...(fact.split && { split: fact.split }),
  };
}
