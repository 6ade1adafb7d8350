import { type DataOf, type Message, type ObservedCluster, type readmitCluster, type registerCluster } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import { Database, type Tx } from '@berth/platform/postgres';
import { Operations } from '../operation/operations.js';
import { Placements } from '../placement/placement.service.js';
import { type Cluster, type Registration } from './cluster.js';
import { type ProbeResult } from './health.js';
/** How long a registered or readmitted cluster may take to become ready. */
export declare const joinDeadlineMs: unique symbol;
/** The registry of clusters and the phase of each. */
export declare class Clusters {
    private readonly database;
    private readonly outbox;
    private readonly operations;
    private readonly placements;
    private readonly clock;
    private readonly deadlineMs;
    constructor(database: Database, outbox: Outbox, operations: Operations, placements: Placements, clock: Clock, deadlineMs: number);
    register({ envelope, data }: Message<DataOf<typeof registerCluster>>, tx: Tx): Promise<void>;
    readmit({ envelope, data }: Message<DataOf<typeof readmitCluster>>, tx: Tx): Promise<void>;
    observed(seen: ObservedCluster, tx: Tx): Promise<void>;
    forgetObserved(name: string, tx: Tx): Promise<void>;
    /** Takes down what a probe saw, and judges the cluster by it and by what ipaas reports. */
    probed(name: string, probe: ProbeResult, tx: Tx): Promise<void>;
    list(): Promise<Cluster[]>;
    /** Throws what would be refused of a registration now. */
    checkRegistration(asked: Registration): Promise<void>;
    checkReadmission(name: string): Promise<void>;
    private endJoining;
    private waiting;
}
//# sourceMappingURL=cluster.service.d.ts.map