import { problemOf } from '@berth/api';
import {
  ipaasOperationChanged,
  type Envelope,
  type OperationEffect,
  type OperationKind,
  type OperationStep,
  type Problem,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { operationDeadlineMs } from './deadlines.js';
import { OperationStore, type NewOperation } from './operation.store.pg.js';
import type { RunningOperation } from './service.js';
import type { End } from './settle.js';

/** What an operation is about. */
export interface Subject {
  readonly key: string;
  readonly uid: string;
}

/** How a command reads as the start of an operation. */
export interface Beginning extends Subject {
  readonly kind: OperationKind;
  readonly command: Envelope;
  readonly rolloutSeconds?: number;
}

/** The operation that takes the place of others. */
export interface Superseder {
  readonly kind: OperationKind;
  readonly id: string | null;
}

/** What a cancel that changed nothing was about. */
interface Uncancelled {
  readonly operationId: string;
  readonly kind: OperationKind;
  readonly key: string;
}

type Fields = Partial<Pick<NewOperation, 'phase' | 'release' | 'generation' | 'restartToken' | 'rolloutDeadlineAt'>>;

/**
 * Begins, reports and ends operations, and says so in the same transaction. Every operation has one row: the second
 * begin and the second end of an operation do nothing and say nothing.
 */
@Injectable()
export class Conductor {
  constructor(
    private readonly operations: OperationStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The running operation, or null when its command came before. */
  async begin(
    tx: Tx,
    beginning: Beginning,
    steps: readonly OperationStep[],
    fields: Fields,
  ): Promise<RunningOperation | null> {
    const operation = this.newOperation(beginning, steps, fields);
    if (!(await this.operations.insert(tx, operation, null))) return null;
    await this.say(tx, operation, beginning, { state: operation.phase === 'waiting' ? undefined : 'running', steps });
    return operation;
  }

  /** Ends an operation that never began: nothing was made. */
  async refuse(tx: Tx, beginning: Beginning, problem: Problem, state: 'refused' | 'failed' = 'refused'): Promise<void> {
    const operation = this.newOperation(beginning, [], {});
    if (!(await this.operations.insert(tx, operation, state))) return;
    await this.say(tx, operation, beginning, { state, problem });
  }

  /** True when the command came after its own deadline; the operation has then ended and nothing must be done. */
  async refusesLate(tx: Tx, beginning: Beginning): Promise<boolean> {
    const { deadlineAt, startedAt } = this.newOperation(beginning, [], {});
    if (deadlineAt > startedAt) return false;
    const seconds = operationDeadlineMs(beginning.kind, beginning.rolloutSeconds) / 1000;
    await this.refuse(tx, beginning, problemOf('operation_deadline', { seconds }), 'failed');
    return true;
  }

  /** Takes part in an operation of cluster-mgr: our steps are added to it, its state is not ours to say. */
  async join(tx: Tx, beginning: Beginning, generation: number): Promise<void> {
    await this.operations.insert(
      tx,
      { ...this.newOperation(beginning, [], { phase: 'rolling', generation }), conductor: 'cluster-mgr' },
      null,
    );
  }

  /** Says what the operation changes, once that is known. */
  async tellEffect(tx: Tx, subject: Subject, operation: RunningOperation, effect: OperationEffect): Promise<void> {
    await this.say(tx, operation, subject, { state: undefined, effect });
  }

  async report(
    tx: Tx,
    subject: Subject,
    operation: RunningOperation,
    changedSteps: readonly OperationStep[],
  ): Promise<void> {
    await this.operations.save(tx, operation);
    const starts = operation.conductor === 'ipaas' && operation.phase !== 'waiting';
    await this.say(tx, operation, subject, { state: starts ? 'running' : undefined, steps: changedSteps });
  }

  async end(
    tx: Tx,
    subject: Subject,
    operation: RunningOperation,
    end: End,
    changedSteps: readonly OperationStep[] = [],
  ): Promise<void> {
    if (!(await this.operations.end(tx, operation.id, operation.steps, end.state, this.clock.now()))) return;
    const { state, problem, result } = end;
    if (state === 'closed' && changedSteps.length === 0) return;
    await this.say(tx, operation, subject, {
      state: state === 'closed' ? undefined : state,
      steps: changedSteps,
      problem,
      result,
    });
  }

  /** Ends operations that a later one took the place of. One that was cancelled stays cancelled. */
  async supersede(tx: Tx, subject: Subject, operations: readonly RunningOperation[], by: Superseder): Promise<void> {
    const superseded = problemOf('superseded', { kind: by.kind, operationId: by.id });
    for (const operation of operations) {
      const { conductor, cancel } = operation;
      const end: End = cancel
        ? {
            state: 'cancelled',
            problem: problemOf('cancelled', {
              by: cancel.actor.name,
              outcome: 'replaced',
              stays: 'A later change took its place.',
            }),
          }
        : { state: 'superseded', problem: superseded };
      await this.end(tx, subject, operation, conductor === 'ipaas' ? end : { state: 'closed' });
    }
  }

  /** A cancel changed nothing, and this is why. */
  async refuseCancel(tx: Tx, command: Envelope, asked: Uncancelled, problem: Problem): Promise<void> {
    const { operationId, kind, key } = asked;
    const data = { operationId, kind, target: key, cancelRefused: problem };
    await this.outbox.append(tx, ipaasOperationChanged, data, { causedBy: command, operationId });
  }

  private newOperation(beginning: Beginning, steps: readonly OperationStep[], fields: Fields): NewOperation {
    const { command, kind, uid, key } = beginning;
    const acceptedAt = new Date(command.time).getTime();
    return {
      id: operationIdOf(command),
      serviceUid: uid,
      key,
      kind,
      conductor: 'ipaas',
      phase: 'rolling',
      release: null,
      generation: null,
      restartToken: null,
      restartTokenBefore: null,
      cancel: null,
      rolloutDeadlineAt: null,
      ...fields,
      steps,
      command,
      startedAt: this.clock.now(),
      deadlineAt: new Date(acceptedAt + operationDeadlineMs(kind, beginning.rolloutSeconds)),
    };
  }

  private async say(
    tx: Tx,
    operation: RunningOperation,
    subject: Subject,
    change: {
      readonly state: Exclude<End['state'], 'closed'> | 'running' | undefined;
      readonly steps?: readonly OperationStep[];
      readonly effect?: OperationEffect;
      readonly problem?: Problem | undefined;
      readonly result?: End['result'] | undefined;
    },
  ): Promise<void> {
    const { state, steps = [], effect, problem, result } = change;
    if (!state && !effect && steps.length === 0) return;
    await this.outbox.append(
      tx,
      ipaasOperationChanged,
      {
        operationId: operation.id,
        kind: operation.kind,
        target: subject.key,
        ...(operation.command.actor && { actor: operation.command.actor }),
        ...(state && { state }),
        ...(steps.length > 0 && { steps: [...steps] }),
        ...(effect && { effect }),
        ...(problem && { problem }),
        ...(result && { result }),
      },
      { causedBy: operation.command, operationId: operation.id, uid: subject.uid },
    );
  }
}

/** A command without an operation is its own: whoever looks finds it by the id of the message. */
export function operationIdOf(command: Envelope): string {
  return command.operationId ?? command.id;
}
