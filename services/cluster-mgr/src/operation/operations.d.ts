import { type Envelope, type OperationKind, type OperationStep, type Problem } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import type { End, Running } from './operation.js';
interface Begun {
    readonly kind: OperationKind;
    readonly target: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly deadlineMs: number;
    readonly steps: OperationStep[];
}
/** Conducts the operations of this service's commands: what it says here is their state, each ends exactly once. */
export declare class Operations {
    private readonly outbox;
    private readonly clock;
    constructor(outbox: Outbox, clock: Clock);
    /** The work has begun. A command without an operation is worked on all the same, unseen. */
    begin(tx: Tx, envelope: Envelope, begun: Begun): Promise<void>;
    /** Nothing was made, and this is why. */
    refuse(tx: Tx, envelope: Envelope, kind: OperationKind, target: string, problem: Problem): Promise<void>;
    end(tx: Tx, running: Running, end: End): Promise<void>;
    /** A newer command, or the deletion of its target, takes the place of everything that still runs for it. */
    supersede(tx: Tx, target: string, by: OperationKind): Promise<void>;
    runningOf(tx: Tx, target: string): Promise<Running[]>;
    private say;
}
export {};
//# sourceMappingURL=operations.d.ts.map