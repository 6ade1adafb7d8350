import type { Size } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import type { Placement, Reservation } from './placement.js';
import type { Room } from './room.js';
type Reader = Pick<Tx, 'query'>;
export declare function find(tx: Reader, key: string): Promise<Placement | null>;
export declare function lock(tx: Tx, key: string): Promise<Placement | null>;
/** Placements that have a row for the cluster, locked in one order. */
export declare function lockIn(tx: Tx, cluster: string): Promise<Placement[]>;
export declare function save(tx: Tx, placement: Placement, reservations: readonly Reservation[], now: Date): Promise<void>;
export declare function remove(tx: Tx, key: string): Promise<void>;
/**
 * Takes down what ipaas says of a service. Null when it says nothing new, or is about another incarnation: the stream is
 * busy and most of its records change nothing here.
 */
export declare function told(tx: Tx, said: {
    key: string;
    uid: string;
    state: string;
    settledGeneration: number;
    size: Size | null;
}): Promise<Placement | null>;
/** The clusters with what is reserved in them by everybody but `exceptKey`. */
export declare function rooms(tx: Reader, registered: readonly Room['cluster'][], exceptKey: string | null): Promise<Room[]>;
/** How many services hold something in each cluster. */
export declare function servicesByCluster(tx: Reader): Promise<Map<string, number>>;
export {};
//# sourceMappingURL=placement.store.pg.d.ts.map