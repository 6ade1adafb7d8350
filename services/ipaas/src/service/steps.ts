import type { OperationStep } from '@berth/contracts';
import { newReady } from './service-state.js';
import type { Observed, Target } from './service.js';

/** What is true of a step now; times are added when it is merged into the steps so far. */
export interface StepFact {
  readonly name: OperationStep['name'];
  readonly cluster?: string;
  readonly state: OperationStep['state'];
  readonly detail?: string;
}

const silence = 'the cluster does not answer';

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

/** Steps of a roll-out or a scale, cluster by cluster: apply, pull (only when it is slow), start, ready; drain when all go. */
export function rolloutFacts(
  targets: readonly Target[],
  observed: readonly Observed[],
  soFar: readonly OperationStep[],
): StepFact[] {
  const seen = new Map(observed.map((row) => [row.cluster, row]));
  return targets.flatMap((target) => {
    const row = seen.get(target.cluster);
    if (target.phase === 'remove') return [removeFact(target, row)];
    return clusterFacts(
      target,
      row,
      soFar.some((step) => step.name === 'pull' && step.cluster === target.cluster),
    );
  });
}

/** The one step that a delete has in each cluster that still holds something. */
export function removeFact(target: Target, row: Observed | undefined): StepFact {
  const isSilent = row !== undefined && !row.fresh;
  return {
    name: 'remove',
    cluster: target.cluster,
    state: isSilent ? 'waiting' : 'running',
    ...(isSilent && { detail: `${silence}; what is there is removed when it does` }),
  };
}

function clusterFacts(target: Target, row: Observed | undefined, pulledBefore: boolean): StepFact[] {
  const { cluster, replicas } = target;
  if (!row || !carries(row, target)) {
    const isSilent = row !== undefined && !row.fresh;
    return [{ name: 'apply', cluster, state: isSilent ? 'waiting' : 'running', ...(isSilent && { detail: silence }) }];
  }
  const applied: StepFact = {
    name: 'apply',
    cluster,
    state: 'done',
    detail: `release #${target.release}, replicas ${replicas}`,
  };
  const last = replicas === 0 ? drainFact(target, row) : readyFact(target, row);
  if (!row.fresh)
    return [applied, { ...last, state: 'waiting', detail: `${silence}; last word: ${last.detail ?? ''}` }];
  if (replicas === 0) return [applied, last];
  const isPulling = row.causeCode === 'image_pull';
  const pull: StepFact = {
    name: 'pull',
    cluster,
    state: isPulling ? 'running' : 'done',
    ...(isPulling && detailOf(row)),
  };
  const isStarted = row.updated >= replicas;
  const start: StepFact = {
    name: 'start',
    cluster,
    state: isStarted ? 'done' : 'running',
    detail: `${Math.min(row.updated, replicas)}/${replicas}`,
  };
  return [applied, ...(isPulling || pulledBefore ? [pull] : []), start, last];
}

function readyFact(target: Target, row: Observed): StepFact {
  const count = `ready ${Math.min(newReady(row), target.replicas)}/${target.replicas}`;
  if (hasArrived(target, row)) return { name: 'ready', cluster: target.cluster, state: 'done', detail: count };
  const cause = row.causeCode ? `; ${causeText(row)}` : '';
  return { name: 'ready', cluster: target.cluster, state: 'running', detail: cut(count + cause) };
}

function drainFact(target: Target, row: Observed): StepFact {
  const state = hasArrived(target, row) ? 'done' : 'running';
  return { name: 'drain', cluster: target.cluster, state, detail: `${row.replicas} left` };
}

function detailOf(row: Observed): { detail: string } {
  return { detail: cut(causeText(row)) };
}

/** Cause code and what the cluster said, as one short text. */
export function causeText(row: Pick<Observed, 'causeCode' | 'causeDetail'>): string {
  return cut([row.causeCode, row.causeDetail].filter((part) => part).join(': '));
}

function cut(text: string): string {
  return text.length > 500 ? `${text.slice(0, 499)}…` : text;
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
  return step.state === fact.state && step.detail === fact.detail;
}

function stepOf(fact: StepFact, before: OperationStep | undefined, now: Date): OperationStep {
  const isOver = fact.state === 'done' || fact.state === 'failed';
  return {
    name: fact.name,
    ...(fact.cluster !== undefined && { cluster: fact.cluster }),
    state: fact.state,
    startedAt: before?.startedAt ?? now.toISOString(),
    ...(isOver && { endedAt: now.toISOString() }),
    ...(fact.detail !== undefined && { detail: fact.detail }),
  };
}
