import type { ClusterPhase, ClusterStateData, ObservedCluster, OperationKind, Problem } from '@berth/contracts';
/** A registered cluster. */
export interface Cluster {
    readonly name: string;
    readonly displayName: string;
    readonly site: string;
    readonly reach: 'podIP' | 'nodePort';
    readonly apiServer: string;
    readonly caPem: string;
    readonly credential: {
        readonly name: string;
        readonly version: number;
    };
    readonly phase: ClusterPhase;
    /** Code of the phase's reason. */
    readonly cause: string;
    readonly reason: string;
    readonly since: Date;
    /** Raised by every registration and readmission; what carries an older one is fenced off. */
    readonly epoch: number;
    /** It was ready once, so it may hold containers. */
    readonly wasReady: boolean;
    readonly registeredAt: Date;
}
/** What is known about the room of a cluster. */
export type Observation = Omit<ObservedCluster, 'heardAt'> & {
    readonly heardAt: Date | null;
};
export type Registration = Pick<Cluster, 'name' | 'displayName' | 'site' | 'reach' | 'apiServer' | 'caPem' | 'credential'>;
/** A new registration, or one in the place of a registration that never came to life and that nobody waits for. */
export declare function register(asked: Registration, existing: Cluster | null, isAwaited: boolean, now: Date): Cluster | {
    readonly problem: Problem;
};
export declare function registrationProblem(asked: Registration, existing: Cluster | null, isAwaited: boolean): Problem | null;
/** A quarantined cluster takes part again under the next epoch, which fences off whatever it still runs of the old one. */
export declare function readmit(existing: Cluster | null, name: string, now: Date): Cluster | {
    readonly problem: Problem;
};
export declare function readmissionProblem({ name, phase }: Cluster): Problem | null;
export declare function stateOf(cluster: Cluster): ClusterStateData;
export declare function isAboutCluster(kind: OperationKind): boolean;
/** Why a cluster did not become ready in time. */
export declare function unreachableProblem({ apiServer, reason }: Cluster): Problem;
//# sourceMappingURL=cluster.d.ts.map