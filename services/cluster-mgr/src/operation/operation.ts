import { problemOf } from '@berth/api';
import type {
  Actor,
  Envelope,
  OperationKind,
  OperationState,
  OperationStep,
  PlacementPolicy,
  Problem,
} from '@berth/contracts';

/** What a scale, split, start or stop found: what a cancel goes back to. */
export interface Wanted {
  readonly total: number;
  readonly stopped: boolean;
  /** Of a split only. */
  readonly policy?: PlacementPolicy;
  /** An earlier move was on its way: what it moves to may not be ready. */
  readonly moving?: boolean;
}

/** Who cancelled an operation. It goes on until the clusters are back, and then ends as cancelled. */
export interface Cancel {
  readonly actor: Actor;
  readonly cause: string | null;
}

/** An operation that cluster-mgr conducts and that has not ended. */
export interface Running {
  readonly operationId: string;
  readonly kind: OperationKind;
  /** Service key or cluster name. */
  readonly target: string;
  readonly uid: string | null;
  /** A placement operation ends when this generation has settled. */
  readonly generation: number | null;
  readonly before: Wanted | null;
  readonly cancel: Cancel | null;
  /** The command, so that the end carries its actor and correlation. */
  readonly envelope: Envelope;
  readonly startedAt: Date;
  readonly deadlineAt: Date;
}

export interface End {
  readonly state: Extract<OperationState, 'succeeded' | 'refused' | 'failed' | 'superseded' | 'cancelled'>;
  readonly problem?: Problem;
  readonly steps?: OperationStep[];
  readonly result?: Record<string, string | number | boolean>;
}

/** How a cancelled operation ends. `ready` is null while not every cluster is back. */
export function cancelledEnd({ before, kind }: Running, { actor, cause }: Cancel, ready: number | null): End {
  const desired = before === null || before.stopped ? 0 : before.total;
  const stays =
    ready === null
      ? `On its way back to ${desired} replicas.`
      : `As before: ${desired} replicas, ${ready} of them are ready.`;
  const params = { by: actor.name, cause, kind, outcome: 'back', stays, ready, desired };
  return { state: 'cancelled', problem: problemOf('cancelled', params) };
}
