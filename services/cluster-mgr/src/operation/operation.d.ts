import type { Envelope, OperationKind, OperationState, OperationStep, Problem } from '@berth/contracts';
/** An operation that cluster-mgr conducts and that has not ended. */
export interface Running {
    readonly operationId: string;
    readonly kind: OperationKind;
    /** Service key or cluster name. */
    readonly target: string;
    readonly uid: string | null;
    /** A placement operation ends when this generation has settled. */
    readonly generation: number | null;
    /** The command, so that the end carries its actor and correlation. */
    readonly envelope: Envelope;
    readonly startedAt: Date;
    readonly deadlineAt: Date;
}
export interface End {
    readonly state: Extract<OperationState, 'succeeded' | 'refused' | 'failed' | 'superseded'>;
    readonly problem?: Problem;
    readonly steps?: OperationStep[];
    readonly result?: Record<string, string | number | boolean>;
}
//# sourceMappingURL=operation.d.ts.map