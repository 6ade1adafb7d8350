import { problemOf } from '@berth/api';
import type { OperationState, OperationStep, Problem } from '@berth/contracts';
import type { ReleaseResult } from '../release/release.js';
import { cancelledProblem, isUndone } from './cancel.js';
import {
  isHalted,
  makesRelease,
  type Cancel,
  type DatedObserved,
  type Observed,
  type RunningOperation,
  type Service,
  type Target,
} from './service.js';
import { serviceStateOf, type StateOutput } from './service-state.js';
import { rolloutProblem } from './rollout-problem.js';
import {
  carries,
  closeSteps,
  hasArrived,
  mergeSteps,
  removeFact,
  rolloutFacts,
  undoFact,
  type MergedSteps,
  type StepFact,
} from './steps.js';
import { whyNoRestart } from './transition.js';

/** Everything that is known of one service, read under the lock of its row. */
export interface Situation {
  readonly service: Service;
  readonly targets: readonly Target[];
  readonly observed: readonly DatedObserved[];
  /** Oldest first. */
  readonly operations: readonly RunningOperation[];
  /** `rolloutDeadlineSeconds` of the target release. */
  readonly rolloutSeconds: number;
  readonly now: Date;
}

/** How an operation ends. `closed`: cluster-mgr conducts it, we only stop to add steps. */
export interface End {
  readonly state: Exclude<OperationState, 'accepted' | 'running'> | 'closed';
  readonly problem?: Problem;
  readonly result?: Record<string, string | number | boolean>;
}

export interface OperationSettled {
  readonly operation: RunningOperation;
  readonly steps: readonly OperationStep[];
  readonly changedSteps: readonly OperationStep[];
  readonly end?: End;
}

/** What follows from a situation: nothing here has been done yet. */
export interface Settlement {
  readonly operations: readonly OperationSettled[];
  readonly liveRelease: number | null;
  readonly results: readonly { readonly release: number; readonly result: ReleaseResult }[];
  /** Whether the roll-out stands still from now on. */
  readonly halted: boolean;
  readonly dropsCandidate: boolean;
  /** A restart that waited and whose turn it is. */
  readonly begins: RunningOperation | null;
  /** Nothing is left of the service: its row goes. */
  readonly gone: boolean;
  readonly appliedGeneration: number;
  readonly settledGeneration: number;
  readonly state: StateOutput;
  /** When to look again though nobody calls. */
  readonly dueAt: Date | null;
}

const changingPhases: readonly RunningOperation['phase'][] = ['placing', 'rolling', 'cancelling'];

/** Reads what was observed against what was asked for, and says what has ended, halted, begun or gone. */
export function settle(situation: Situation): Settlement {
  const { service, targets, observed, now } = situation;
  const settledGeneration = settledGenerationOf(situation);
  const verdicts = situation.operations.map((operation) => verdictOf(situation, operation, settledGeneration));
  const ended = verdicts.filter((verdict) => verdict.end);
  const change = ended.find(({ operation }) => makesRelease(operation));
  const healed = isHealed(situation);
  const rollingFailed = change?.end?.state === 'failed' && change.operation.phase === 'rolling';
  const halted = rollingFailed || (isHalted(targets) && !healed);
  const hasPlace = change?.end?.state === 'succeeded' || healed;
  const liveRelease = hasPlace ? service.targetRelease : service.liveRelease;
  const open = verdicts.filter((verdict) => !verdict.end).map(({ operation }) => operation);
  const next = nextRestart(situation, open, halted);
  const operations = [
    ...verdicts.filter(({ operation }) => operation !== next?.refused?.operation),
    ...(next?.refused ? [next.refused] : []),
  ];
  const stillOpen = open.filter((operation) => operation !== next?.refused?.operation);
  const dropsCandidate = ended.some(({ operation, end }) => operation.phase === 'placing' && end?.state === 'failed');
  const state = serviceStateOf({
    deployed: true,
    deleting: service.deleting,
    everReady: liveRelease !== null,
    changing: stillOpen.some(({ phase }) => changingPhases.includes(phase)) || next?.begins !== undefined,
    stopped: service.placement?.stopped ?? false,
    halted,
    targets,
    observed,
    unreadySince: service.unreadySince,
    now,
  });
  return {
    operations,
    liveRelease,
    results: resultsOf(service, change, healed),
    halted,
    dropsCandidate,
    begins: next?.begins ?? null,
    gone: targets.length === 0 && (service.deleting || (dropsCandidate && service.targetRelease === null)),
    appliedGeneration: appliedGenerationOf(situation),
    settledGeneration,
    state,
    dueAt: dueAtOf(stillOpen, state),
  };
}

function verdictOf(situation: Situation, operation: RunningOperation, settledGeneration: number): OperationSettled {
  const { targets, observed, now } = situation;
  const isLate = now >= operation.deadlineAt;
  if (operation.phase === 'waiting' || operation.phase === 'placing') {
    if (!isLate) return { operation, steps: operation.steps, changedSteps: [] };
    return ending(operation, closeSteps(operation.steps, 'failed', now), lateEnd(operation));
  }
  if (operation.phase === 'removing') return removal(situation, operation, isLate);
  if (operation.cancel) return cancellation(situation, operation, operation.cancel, isLate);
  const merged = mergeSteps(operation.steps, rolloutFacts(operation.kind, targets, observed), now);
  if (operation.conductor === 'cluster-mgr') {
    // What has settled of a move is its first half: the second comes as another placement.
    const goesOn = situation.service.placement?.moving === true;
    const isOver = isLate || (!goesOn && settledGeneration >= (operation.generation ?? 0));
    return ending(operation, merged, isOver ? { state: 'closed' } : undefined);
  }
  const running = targets.filter((target) => target.phase === 'run');
  if (running.length > 0 && running.every((target) => hasArrived(target, rowOf(observed, target)))) {
    const finished = finish(merged, now);
    return ending(operation, finished, { state: 'succeeded', result: resultOf(operation, situation) });
  }
  if (isLate || (operation.rolloutDeadlineAt && now >= operation.rolloutDeadlineAt))
    return ending(operation, join(merged, closeSteps(merged.steps, 'failed', now)), {
      state: 'failed',
      problem: rolloutProblem(situation, operation),
    });
  return ending(operation, merged, undefined);
}

/** On the way back: it ends as cancelled when nothing of it is left, and at its deadline, naming the clusters that are not back. */
function cancellation(
  situation: Situation,
  operation: RunningOperation,
  cancel: Cancel,
  isLate: boolean,
): OperationSettled {
  const { targets, observed, now } = situation;
  const facts = targets.map((target) => undoFact(target, rowOf(observed, target)));
  const merged = mergeSteps(
    operation.steps,
    cancel.outcome === 'removed' ? removeFacts(situation, operation) : facts,
    now,
  );
  const isOver = isUndone(cancel, targets, observed);
  if (!isOver && !isLate) return ending(operation, merged, undefined);
  const closed = join(merged, closeSteps(merged.steps, isOver ? 'done' : 'failed', now));
  return ending(operation, closed, { state: 'cancelled', problem: cancelledProblem(cancel, situation) });
}

/** A step for each cluster that still holds something, and the end of the step of each that does no more. */
function removeFacts({ targets, observed }: Situation, { steps }: RunningOperation): StepFact[] {
  const left = new Set(targets.map(({ cluster }) => cluster));
  const emptied = steps
    .filter((step) => step.name === 'remove' && step.cluster !== undefined && !left.has(step.cluster))
    .map((step) => ({ name: step.name, cluster: step.cluster as string, state: 'done' as const }));
  return [...targets.map((target) => removeFact(target, rowOf(observed, target))), ...emptied];
}

function removal(situation: Situation, operation: RunningOperation, isLate: boolean): OperationSettled {
  const { targets, now } = situation;
  const merged = mergeSteps(operation.steps, removeFacts(situation, operation), now);
  if (targets.length === 0) return ending(operation, finish(merged, now), { state: 'succeeded' });
  // The delete goes on all the same; only the attempt to watch it has ended.
  return ending(operation, merged, isLate ? lateEnd(operation) : undefined);
}

function ending(operation: RunningOperation, merged: MergedSteps, end: End | undefined): OperationSettled {
  return { operation, steps: merged.steps, changedSteps: merged.changed, ...(end && { end }) };
}

function lateEnd(operation: RunningOperation): End {
  const seconds = Math.round((operation.deadlineAt.getTime() - operation.startedAt.getTime()) / 1000);
  return { state: 'failed', problem: problemOf('operation_deadline', { seconds }) };
}

function finish(merged: MergedSteps, now: Date): MergedSteps {
  const closed = join(merged, closeSteps(merged.steps, 'done', now));
  return join(closed, mergeSteps(closed.steps, [{ name: 'finish', state: 'done' }], now));
}

function join(first: MergedSteps, second: MergedSteps): MergedSteps {
  const again = new Set(second.changed.map((step) => `${step.name}/${step.cluster ?? ''}`));
  const kept = first.changed.filter((step) => !again.has(`${step.name}/${step.cluster ?? ''}`));
  return { steps: second.steps, changed: [...kept, ...second.changed] };
}

function resultOf(operation: RunningOperation, { targets }: Situation): Record<string, string | number> {
  const replicas = targets.reduce((total, target) => total + (target.phase === 'run' ? target.replicas : 0), 0);
  return { ...(operation.release !== null && { release: operation.release }), replicas };
}

/** A first deploy that failed at its deadline and became ready later serves: saying otherwise would be untrue. */
function isHealed({ service, targets, observed, operations }: Situation): boolean {
  if (service.liveRelease !== null || service.targetRelease === null || service.deleting) return false;
  if (operations.some((operation) => makesRelease(operation) && operation.phase === 'rolling')) return false;
  const running = targets.filter((target) => target.phase === 'run');
  const wanted = running.some((target) => target.replicas > 0);
  return wanted && running.every((target) => hasArrived(target, rowOf(observed, target)));
}

function resultsOf(service: Service, change: OperationSettled | undefined, healed: boolean): Settlement['results'] {
  if (change?.operation.phase === 'rolling' && change.operation.release !== null)
    return [{ release: change.operation.release, result: change.end?.state === 'succeeded' ? 'available' : 'failed' }];
  return healed && service.targetRelease !== null ? [{ release: service.targetRelease, result: 'available' }] : [];
}

/** The oldest waiting restart begins when nothing of ours runs any more, or is refused when nothing can be restarted. */
function nextRestart(
  { service, targets, now }: Situation,
  open: readonly RunningOperation[],
  halted: boolean,
): { begins?: RunningOperation; refused?: OperationSettled } | undefined {
  if (open.some(({ conductor, phase }) => conductor === 'ipaas' && phase !== 'waiting')) return undefined;
  const waiting = open.find(({ phase }) => phase === 'waiting');
  if (!waiting) return undefined;
  const problem = whyNoRestart(service, halted ? targets.map((target) => ({ ...target, halted })) : targets);
  if (!problem) return { begins: waiting };
  return { refused: ending(waiting, closeSteps(waiting.steps, 'failed', now), { state: 'refused', problem }) };
}

/** The placement's generation once every cluster answers and carries it; before, what was applied last. */
function appliedGenerationOf({ service, targets, observed }: Situation): number {
  const running = targets.filter((target) => target.phase === 'run');
  const rows = running.map((target) => ({ target, row: rowOf(observed, target) }));
  const isApplied = rows.every(({ target, row }) => row !== undefined && (!row.fresh || carries(row, target)));
  return running.length > 0 && isApplied ? service.generation : service.appliedGeneration;
}

/** Rises when every cluster has exactly the ready replicas of this generation. A halted roll-out counts old and new together. */
function settledGenerationOf({ service, targets, observed }: Situation): number {
  const running = targets.filter((target) => target.phase === 'run');
  const isSettled = (target: Target) => {
    const row = rowOf(observed, target);
    if (!row || !row.fresh || !carries(row, target) || row.ready !== target.replicas) return false;
    return row.rolledOut || target.halted;
  };
  return running.length > 0 && running.every(isSettled) ? service.generation : service.settledGeneration;
}

function dueAtOf(open: readonly RunningOperation[], state: StateOutput): Date | null {
  const times = open.flatMap((operation) => [
    operation.deadlineAt,
    ...(operation.phase === 'rolling' && operation.rolloutDeadlineAt ? [operation.rolloutDeadlineAt] : []),
  ]);
  if (state.changesAt) times.push(state.changesAt);
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}

function rowOf(observed: readonly Observed[], target: Target): Observed | undefined {
  return observed.find((row) => row.cluster === target.cluster);
}
