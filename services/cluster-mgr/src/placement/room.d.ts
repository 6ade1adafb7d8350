import { type Assignment, type PlacementPolicy, type Problem, type Size } from '@berth/contracts';
import { type CandidateCluster, type Capacity, type Placement as Split, type UnplaceableReason } from '@berth/engines/scheduler';
import { type SizedEnvironment } from '@berth/engines/sizing';
import type { Cluster, Observation } from '../cluster/cluster.js';
import type { Placement } from './placement.js';
/** A cluster as a candidate: its registration, what is seen of it, and what others have reserved there. */
export interface Room {
    readonly cluster: Cluster;
    readonly seen: Observation | null;
    readonly reserved: Capacity;
}
/** What is to be placed. */
export interface Wish {
    readonly environment: SizedEnvironment;
    readonly size: Size;
    /** 0 stops. */
    readonly replicas: number;
    readonly policy: PlacementPolicy;
    readonly current: Readonly<Record<string, number>>;
}
/**
 * What a placement wishes for. A candidate is placed by its own size: what runs is counted beside it. Any other change is
 * placed by the larger of live and candidate, because either may run in the end.
 */
export declare function wishOf(placement: Placement, isForCandidate: boolean): Wish;
/** Replicas by cluster as they are assigned. */
export declare function currentOf({ assignments }: Pick<Placement, 'assignments'>): Record<string, number>;
/** Asks the scheduler. Nothing but this function turns rows into its input, so preview and decision cannot differ. */
export declare function split(wish: Wish, rooms: readonly Room[]): Split;
/** Whether the policy lets the cluster be used. */
export declare function isChosen(cluster: string, policy: PlacementPolicy): boolean;
/** The scheduler's rows as the contract has them, each with the epoch of its cluster. */
export declare function assignmentsOf(split: Extract<Split, {
    kind: 'placed';
}>, rooms: readonly Room[]): Assignment[];
/** Why there is no room, cluster by cluster. */
export declare function noRoomProblem(wish: Wish, reasons: readonly UnplaceableReason[]): Problem;
/** A cluster as the scheduler takes it. */
export declare function candidateOf({ cluster, seen, reserved }: Room): CandidateCluster;
//# sourceMappingURL=room.d.ts.map