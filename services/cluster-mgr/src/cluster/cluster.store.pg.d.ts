import type { ObservedCluster } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import type { Cluster, Observation } from './cluster.js';
import type { ProbeResult, Verdict, WatchReport } from './health.js';
type Reader = Pick<Tx, 'query'>;
export declare function find(tx: Reader, name: string): Promise<Cluster | null>;
export declare function list(tx: Reader): Promise<Cluster[]>;
/**
 * Locks all clusters, in the order of their names. Whoever decides where something runs, or changes a registration, does
 * this first: reservations are then counted by one transaction at a time, and two can never lock crosswise.
 */
export declare function lockAll(tx: Tx): Promise<Cluster[]>;
/** Two registrations of a name that is not there yet wait for one another here. */
export declare function lockRegistry(tx: Tx): Promise<void>;
export declare function save(tx: Tx, cluster: Cluster): Promise<void>;
/** Changes the phase if the cluster still stands where the verdict was made. The changed cluster, or null. */
export declare function applyVerdict(tx: Tx, from: Cluster, verdict: Verdict, now: Date): Promise<Cluster | null>;
export declare function probesOf(tx: Reader, name: string): Promise<ProbeResult[]>;
export declare function lastProbes(tx: Reader): Promise<Map<string, ProbeResult>>;
export declare function saveProbes(tx: Tx, name: string, probes: readonly ProbeResult[]): Promise<void>;
export declare function watchOf(tx: Reader, name: string): Promise<WatchReport | null>;
export declare function observed(tx: Tx, seen: ObservedCluster, now: Date): Promise<void>;
export declare function forgetObserved(tx: Tx, name: string): Promise<void>;
export declare function observations(tx: Reader): Promise<Observation[]>;
export {};
//# sourceMappingURL=cluster.store.pg.d.ts.map