import { problemOf, routeTable, type Operation } from '@berth/api';
import {
  isFinal,
  type Actor,
  type OperationChange,
  type OperationEffect,
  type OperationState,
  type OperationStep,
} from '@berth/contracts';
import { z } from 'zod';

/** One attempt to change something, as the table has it. */
export interface OperationRow {
  readonly id: string;
  readonly kind: Operation['kind'];
  readonly target: string;
  readonly state: OperationState;
  readonly actor: Actor;
  readonly cause: string | null;
  readonly acceptedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly deadlineAt: Date;
  readonly steps: readonly OperationStep[];
  readonly effect: OperationEffect | null;
  readonly problem: Operation['problem'];
  readonly result: Operation['result'];
  readonly correlationId: string;
  /** Who asked to cancel it, and why that changed nothing when it did not. */
  readonly cancel: Operation['cancel'];
}

const second = 1_000;
export const defaultDeadlineMs = 600 * second;
export const deleteDeadlineMs = 24 * 60 * 60 * second;
/** What comes around a rollout: preflight, placement, the bus. */
const aroundRolloutMs = 120 * second;
/** The longest rollout a spec may ask for; a restart or rollback takes the deadline of a spec the gateway has not seen. */
const longestRolloutMs = 3_600 * second;
/** The conductor ends an operation at its deadline; this much later the gateway does. */
export const sweepAfterMs = 60 * second;

const WithRollout = z.looseObject({ spec: z.looseObject({ rolloutDeadlineSeconds: z.number() }) });

/** How long an operation may take, from its kind and the data of its command. */
export function deadlineMsOf(kind: Operation['kind'], data: unknown): number {
  const rollout = WithRollout.safeParse(data);
  if (rollout.success) return rollout.data.spec.rolloutDeadlineSeconds * second + aroundRolloutMs;
  // The removal of a sample ends with the last of its deletes.
  if (kind === 'service.delete' || kind === 'cmdb.remove') return deleteDeadlineMs;
  if (kind === 'service.rollback' || kind === 'service.restart') return longestRolloutMs + aroundRolloutMs;
  return defaultDeadlineMs;
}

/** What a change says besides its data. */
export interface ChangeFrom {
  /** Service that says it. */
  readonly source: string;
  readonly at: Date;
  readonly correlationId: string;
  readonly actor: Actor | undefined;
}

/** An operation nobody asked the gateway for: a sync, a decision of the platform. */
export function openedBy(change: OperationChange, from: ChangeFrom): OperationRow {
  return {
    id: change.operationId,
    kind: change.kind,
    target: change.target,
    state: 'accepted',
    actor: change.actor ?? from.actor ?? { id: from.source, name: from.source, channel: 'system' },
    cause: null,
    acceptedAt: from.at,
    startedAt: null,
    endedAt: null,
    deadlineAt: new Date(from.at.getTime() + deadlineMsOf(change.kind, undefined)),
    steps: [],
    effect: change.effect ?? null,
    problem: null,
    result: null,
    correlationId: from.correlationId,
    cancel: null,
  };
}

/**
 * The operation after a change. Only its conductor moves the state, and only forward; the first end stays. Steps are
 * taken from everybody, after the end too. `isLate` tells of a state that came after the end.
 */
export function merge(
  before: OperationRow,
  change: OperationChange,
  from: Pick<ChangeFrom, 'source' | 'at'>,
): { operation: OperationRow; isLate: boolean } {
  const steps = mergeSteps(before.steps, change.steps ?? []);
  const cancel = before.cancel && { ...before.cancel, refused: change.cancelRefused ?? before.cancel.refused };
  const operation = { ...before, effect: change.effect ?? before.effect, cancel };
  const { state } = change;
  if (state === undefined || !mayMove(operation, change, from.source))
    return { operation: { ...operation, steps }, isLate: false };
  if (isFinal(operation.state)) return { operation: { ...operation, steps }, isLate: true };
  if (!isFinal(state)) {
    const started = state === 'running' ? (operation.startedAt ?? from.at) : operation.startedAt;
    return {
      operation: { ...operation, steps, state: started ? 'running' : 'accepted', startedAt: started },
      isLate: false,
    };
  }
  const { problem = null, result = null } = change;
  return { operation: { ...operation, steps, state, problem, result, endedAt: from.at }, isLate: false };
}

/** Steps by name and cluster, in the order in which they were first seen. */
export function mergeSteps(known: readonly OperationStep[], heard: readonly OperationStep[]): OperationStep[] {
  const keyOf = ({ name, cluster }: OperationStep) => `${name} ${cluster ?? ''}`;
  const merged = new Map(known.map((step) => [keyOf(step), step]));
  for (const step of heard) merged.set(keyOf(step), { ...merged.get(keyOf(step)), ...step });
  return [...merged.values()];
}

/** The operation that nobody ended in time. */
export function swept(operation: OperationRow, now: Date): OperationRow {
  const seconds = Math.round((operation.deadlineAt.getTime() - operation.acceptedAt.getTime()) / second);
  return { ...operation, state: 'failed', endedAt: now, problem: problemOf('operation_deadline', { seconds }) };
}

export function isOverdue(operation: Pick<OperationRow, 'state' | 'deadlineAt'>, now: Date): boolean {
  return !isFinal(operation.state) && now.getTime() > operation.deadlineAt.getTime() + sweepAfterMs;
}

/** As the API shows it. */
export function toOperation(row: OperationRow, medianMs: number | null): Operation {
  return {
    ...row,
    steps: [...row.steps],
    acceptedAt: row.acceptedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    deadlineAt: row.deadlineAt.toISOString(),
    medianMs,
  };
}

const conductors = new Map(
  routeTable.flatMap(({ command, owner }) =>
    command ? [[command.operation as string, owner as string] as const] : [],
  ),
);

/** A service that does not conduct the operation may only fail it when it had to put one of its commands aside. */
function mayMove(operation: OperationRow, change: OperationChange, source: string): boolean {
  const conductor = conductors.get(operation.kind);
  if (conductor === undefined || conductor === source) return true;
  return change.state === 'failed' && change.problem?.code === 'dead_letter';
}
