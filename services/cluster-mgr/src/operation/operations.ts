import { problemOf } from '@berth/api';
import {
  clusterMgrOperationChanged,
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
import { cancelledEnd, type Cancel, type End, type Running, type Wanted } from './operation.js';
import * as store from './operation.store.pg.js';

interface Begun {
  readonly kind: OperationKind;
  readonly target: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly before?: Wanted;
  readonly deadlineMs: number;
  readonly steps: OperationStep[];
  readonly effect?: OperationEffect;
}

/** Conducts the operations of this service's commands: what it says here is their state, each ends exactly once. */
@Injectable()
export class Operations {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The work has begun. A command without an operation is worked on all the same, unseen. */
  async begin(tx: Tx, envelope: Envelope, begun: Begun): Promise<void> {
    if (!envelope.operationId) return;
    const startedAt = this.clock.now();
    const running: Running = {
      operationId: envelope.operationId,
      kind: begun.kind,
      target: begun.target,
      uid: begun.uid ?? null,
      generation: begun.generation ?? null,
      before: begun.before ?? null,
      cancel: null,
      envelope,
      startedAt,
      deadlineAt: new Date(startedAt.getTime() + begun.deadlineMs),
    };
    if (await store.insert(tx, running, 'running'))
      await this.say(tx, running, {
        state: 'running',
        steps: begun.steps,
        ...(begun.effect && { effect: begun.effect }),
      });
  }

  /** Nothing was made, and this is why. */
  async refuse(tx: Tx, envelope: Envelope, kind: OperationKind, target: string, problem: Problem): Promise<void> {
    if (!envelope.operationId) return;
    const at = this.clock.now();
    const { operationId } = envelope;
    const refused: Running = {
      operationId,
      kind,
      target,
      uid: null,
      generation: null,
      before: null,
      cancel: null,
      envelope,
      startedAt: at,
      deadlineAt: at,
    };
    if (await store.insert(tx, refused, 'refused')) await this.say(tx, refused, { state: 'refused', problem });
  }

  async end(tx: Tx, running: Running, end: End): Promise<void> {
    if (await store.end(tx, running.operationId, end.state)) await this.say(tx, running, end);
  }

  /** A newer command, or the deletion of its target, takes the place of everything that still runs for it. One that was cancelled stays cancelled. */
  async supersede(tx: Tx, target: string, by: OperationKind, byId: string | null = null): Promise<void> {
    const problem = problemOf('superseded', { kind: by, operationId: byId });
    for (const running of await store.runningOf(tx, target))
      await this.end(
        tx,
        running,
        running.cancel ? cancelledEnd(running, running.cancel, null) : { state: 'superseded', problem },
      );
  }

  /** It is on its way back, and ends as cancelled when this generation has settled. */
  async cancel(tx: Tx, running: Running, by: Cancel, generation: number, steps: OperationStep[]): Promise<void> {
    await store.cancel(tx, running, by, generation);
    await this.say(tx, running, { state: 'running', steps });
  }

  /** A cancel changed nothing, and this is why. */
  async refuseCancel(
    tx: Tx,
    causedBy: Envelope,
    asked: { readonly operationId: string; readonly kind: OperationKind; readonly key: string },
    problem: Problem | null,
  ): Promise<void> {
    const { operationId, kind, key } = asked;
    const ended = problemOf('operation_ended', { state: (await store.stateOf(tx, operationId)) ?? 'unknown' });
    const data = { operationId, kind, target: key, cancelRefused: problem ?? ended };
    await this.outbox.append(tx, clusterMgrOperationChanged, data, { operationId, causedBy });
  }

  advance(tx: Tx, running: Running, generation: number): Promise<void> {
    return store.advance(tx, running, generation);
  }

  runningOf(tx: Tx, target: string): Promise<Running[]> {
    return store.runningOf(tx, target);
  }

  private async say(
    tx: Tx,
    { operationId, kind, target, envelope }: Running,
    change: End | { state: 'running'; steps: OperationStep[]; effect?: OperationEffect },
  ): Promise<void> {
    const { actor } = envelope;
    const data = { operationId, kind, target, ...(actor && { actor }), ...change };
    await this.outbox.append(tx, clusterMgrOperationChanged, data, { operationId, causedBy: envelope });
  }
}
