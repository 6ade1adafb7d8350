import type {
  Actor,
  Assignment,
  CancelOutcome,
  Envelope,
  LastChange,
  OperationKind,
  OperationStep,
  PlacementPolicy,
  ServiceState,
} from '@berth/contracts';
import type { CauseEnd } from '../container/cause.js';

/** A service in one environment. `live` serves, `target` is what the clusters are told to run, `candidate` waits for its placement. */
export interface Service {
  readonly uid: string;
  readonly key: string;
  readonly project: string;
  readonly environment: string;
  readonly code: string;
  readonly name: string;
  /** Raised by every change of the spec, also by one that is refused later: a version is never given to two specs. */
  readonly specVersion: number;
  /** The last release that became ready in every cluster. */
  readonly liveRelease: number | null;
  readonly targetRelease: number | null;
  readonly candidateRelease: number | null;
  readonly restartToken: string | null;
  /** Of the last placement that was written to the targets. */
  readonly generation: number;
  readonly appliedGeneration: number;
  readonly settledGeneration: number;
  readonly placement: Placement | null;
  readonly deleting: boolean;
  /** While it is set nothing is written to the clusters. */
  readonly pause: Pause | null;
  readonly state: ServiceState;
  readonly reason: string | null;
  /** Null for a service that is older than this column and has kept its state. */
  readonly stateSince: Date | null;
  /** Since when fewer containers are ready than wanted. */
  readonly unreadySince: Date | null;
  readonly lastChange: LastChange | null;
  readonly createdAt: Date;
}

/** Who took a service out of Berth's hands, when and why. */
export interface Pause {
  readonly actor: Actor;
  readonly at: string;
  readonly cause: string | null;
  readonly operationId: string;
}

export interface Placement {
  readonly generation: number;
  readonly total: number;
  readonly stopped: boolean;
  readonly policy: PlacementPolicy;
  readonly assignments: readonly Assignment[];
  /** The first half of a move: another placement follows when every replica of this one is ready. */
  readonly moving?: boolean;
}

/** The desired state of a service in one cluster. */
export interface Target {
  readonly cluster: string;
  readonly epoch: number;
  readonly generation: number;
  readonly release: number;
  readonly replicas: number;
  readonly restartToken: string | null;
  /** The roll-out stands still: old containers serve, new ones stay to be looked at. */
  readonly halted: boolean;
  readonly phase: 'run' | 'remove';
}

/** What the Deployment in one cluster carries and says. Counts are of pods, old and new together unless said. */
export interface Observed {
  readonly cluster: string;
  readonly generation: number;
  readonly epoch: number;
  readonly release: number;
  readonly restartToken: string | null;
  readonly replicas: number;
  /** Pods of the newest template. */
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly halted: boolean;
  readonly rolledOut: boolean;
  readonly causeCode: string | null;
  readonly causeDetail: string | null;
  /** The end of a container that `causeDetail` tells of in English. */
  readonly causeEnd?: CauseEnd | null;
  readonly fresh: boolean;
}

/** As the table has it: of a row that is not fresh the time tells how old it is. */
export interface DatedObserved extends Observed {
  readonly observedAt: Date | string;
}

/** Who cancelled an operation, and what that leaves. Kept with it until the clusters are back. */
export interface Cancel {
  readonly actor: Actor;
  readonly cause: string | null;
  readonly outcome: CancelOutcome;
}

/**
 * An operation that has not ended. `waiting`: behind a running change (only restarts). `placing`: asked cluster-mgr.
 * `rolling`: the targets are written. `cancelling`: they are written back. `removing`: a delete.
 */
export interface RunningOperation {
  readonly id: string;
  readonly kind: OperationKind;
  /** `cluster-mgr` for scale, start and stop: we only add steps to those and never end them. */
  readonly conductor: 'ipaas' | 'cluster-mgr';
  readonly phase: 'waiting' | 'placing' | 'rolling' | 'cancelling' | 'removing';
  /** The release that a change makes. */
  readonly release: number | null;
  readonly generation: number | null;
  readonly restartToken: string | null;
  /** What a restart found, to go back to when it is cancelled. */
  readonly restartTokenBefore: string | null;
  readonly cancel: Cancel | null;
  readonly steps: readonly OperationStep[];
  /** Envelope of the message that began it: correlation, actor and operation ride on to all that follows. */
  readonly command: Envelope;
  readonly startedAt: Date;
  readonly deadlineAt: Date;
  readonly rolloutDeadlineAt: Date | null;
}

const changeKinds: readonly OperationKind[] = ['service.deploy', 'service.upgrade', 'service.rollback'];

/** True for the operations that make a release. */
export function makesRelease(operation: Pick<RunningOperation, 'kind'>): boolean {
  return changeKinds.includes(operation.kind);
}

/** True while the targets hold a release whose roll-out failed and stands still. */
export function isHalted(targets: readonly Target[]): boolean {
  return targets.some((target) => target.phase === 'run' && target.halted);
}
