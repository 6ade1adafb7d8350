import { catalogue, type DataOf, type Envelope, type MessageName } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import { z } from 'zod';
import { Clusters } from './cluster/cluster.service.js';
import type { ProbeResult } from './cluster/health.js';
import { DeadlineSweep } from './operation/deadline-sweep.js';
import { PlacementReader } from './placement/placement.reader.js';
/** A clock that a spec moves. */
export declare class SpecClock extends Clock {
    private ms;
    now(): Date;
    pass(seconds: number): void;
}
/** A throw-away database, as `testDatabase` gives it. */
interface SpecDatabase {
    readonly database: Database;
    anotherPool(): Database;
    close(): Promise<void>;
}
/** What was said, as the relay would send it. */
export interface SaidMessage {
    readonly type: string;
    readonly key: string;
    readonly envelope: Envelope;
    readonly data: Record<string, unknown>;
}
/** cluster-mgr on a real database, without bus and HTTP: messages go to their handlers, the outbox is read back. */
export declare class Harness {
    readonly at: SpecDatabase;
    readonly database: Database;
    readonly clock: SpecClock;
    readonly clusters: Clusters;
    readonly reader: PlacementReader;
    readonly sweep: DeadlineSweep;
    private readonly handlers;
    private readonly messages;
    constructor(at: SpecDatabase, database?: Database, clock?: SpecClock);
    /** Another copy of the service on the same database. */
    copy(): Harness;
    close(): Promise<void>;
    /** Handles one message in its transaction. Gives its operation id. */
    handle<Name extends MessageName>(name: Name, data: z.input<(typeof catalogue)[Name]['schema']>): Promise<string>;
    /** What has been said since the last call. */
    said(): Promise<SaidMessage[]>;
    /** States of an operation in the order in which they were said, of these messages. */
    static statesOf(said: readonly SaidMessage[], operationId: string): unknown[];
    probe(name: string, kind?: ProbeResult['kind']): Promise<void>;
    /** ipaas sees the cluster with so many millicores and as much MiB, one node. */
    observe(name: string, epoch?: number, cpuMillis?: number, change?: Partial<Observed>): Promise<void>;
    /** A registered cluster that is ready. */
    cluster(name: string, cpuMillis?: number): Promise<void>;
    private handlerOf;
}
type Observed = NonNullable<DataOf<(typeof catalogue)['observedCluster']>>;
export declare const actor: {
    id: string;
    name: string;
    channel: "portal";
};
export declare function registration(name: string): {
    site: string;
    reach: "podIP";
    apiServer: string;
    caPem: string;
    credential: {
        name: string;
        version: number;
    };
    name: string;
    displayName: string;
};
/** A self-signed certificate of nobody; only its form is looked at. */
export declare const caPem = "-----BEGIN CERTIFICATE-----\nMIIBNDCB56ADAgECAhRL6P+1vdHlmuQ3mJuoaXMs1VvMEzAFBgMrZXAwDzENMAsG\nA1UEAwwEc3BlYzAgFw0yNjExMjEwOTQyMTRaGA8yMTI2MTAyODA5NDIxNFowDzEN\nMAsGA1UEAwwEc3BlYzAqMAUGAytlcAMhAF4pjxNZeKtKJvWMDvR6hpQ0oh0FL05a\nC0hH+1twCq1to1MwUTAdBgNVHQ4EFgQU8+5mYoRAVAJdJfwHdJ6qqlws6J0wHwYD\nVR0jBBgwFoAU8+5mYoRAVAJdJfwHdJ6qqlws6J0wDwYDVR0TAQH/BAUwAwEB/zAF\nBgMrZXADQQBl6+dv6tpRzxPIyBoYLcbLAxWO8nQF11g5GlTnu44WUp+PsbBvB7jW\nJEklx+zGBZIu0BQ2t7QQJEGci+BTrJoK\n-----END CERTIFICATE-----";
export {};
//# sourceMappingURL=spec-harness.d.ts.map