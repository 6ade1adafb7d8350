import { type Assignment, type DataOf, type PlacedData, type PlacementPolicy, type placeService, type Size } from '@berth/contracts';
/** A spec version with the size of its containers. */
export interface Sized {
    readonly specVersion: number;
    readonly size: Size;
}
/** An upgrade on its way: until it has settled, old and new containers both count. */
export interface Candidate extends Sized {
    /** First generation that is about this spec version. */
    readonly generation: number;
    /** The split to go back to when the candidate is dropped. */
    readonly before: readonly Assignment[];
}
/** Where a service runs, with the total that is its own and outlives stops and releases. */
export interface Placement {
    readonly key: string;
    readonly uid: string;
    readonly generation: number;
    readonly total: number;
    readonly stopped: boolean;
    readonly policy: PlacementPolicy;
    readonly live: Sized;
    readonly candidate: Candidate | null;
    readonly assignments: readonly Assignment[];
    /** State of the service as ipaas says it. */
    readonly serviceState: string | null;
    readonly settledGeneration: number;
}
/** What a placement holds in one cluster. */
export interface Reservation {
    readonly cluster: string;
    readonly pods: number;
    readonly cpuMillis: number;
    readonly memoryMiB: number;
}
type Asked = DataOf<typeof placeService>;
/**
 * What a request for a placement means, before the split is known: the placement as it would be, or why there is none.
 * - `stale`: a newer spec version has been asked for already; nobody waits for the answer.
 * - `unknown_service`: the first request must say total and policy.
 */
export declare function asAsked(existing: Placement | null, asked: Asked): Placement | 'stale' | 'unknown_service';
/**
 * The placement with the split that was decided. A split that is not the candidate's own (scale, start, stop) is also the
 * one to go back to when the candidate is dropped.
 */
export declare function decided(placement: Placement, assignments: readonly Assignment[], isForCandidate: boolean): Placement;
/** What ipaas says of a service that matters here. */
export interface Said {
    readonly specVersion: number;
    readonly settledGeneration: number;
    /** Of the release that serves. */
    readonly size: Size | null;
}
/**
 * Takes in what ipaas says. A candidate is the live one when its generation has settled and its size is what serves: a
 * roll-out that failed and was halted settles too, with the old containers. Without a candidate the size that serves is
 * what counts, so that a failed release that comes to life later is reserved for.
 */
export declare function settled(placement: Placement, { specVersion, settledGeneration, size }: Said): Placement;
/**
 * Gives back what was reserved for a spec version. The candidate's: back to the split before it. The live one's while a
 * candidate is on its way: the candidate takes its place. Anything else holds nothing; null.
 */
export declare function withoutSpec(placement: Placement, specVersion: number): Placement | null;
/** A readmitted cluster has a new epoch: what runs there must be claimed anew. Null when nothing is there. */
export declare function withEpoch(placement: Placement, cluster: string, epoch: number): Placement | null;
/** By cluster: the larger of what the live one holds and what the candidate will. */
export declare function reservationsOf(placement: Placement): Reservation[];
export declare function placedOf(placement: Placement): PlacedData;
/** `beijing 2, shanghai 2`, for the step of an operation. */
export declare function splitText(assignments: readonly Assignment[]): string;
export {};
//# sourceMappingURL=placement.d.ts.map