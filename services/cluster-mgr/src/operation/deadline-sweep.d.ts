import { Clock } from '@berth/platform/clock';
import { Logger } from '@berth/platform/log';
import { Database } from '@berth/platform/postgres';
import { type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Operations } from './operations.js';
/** Ends operations whose time is up, in any copy: row locks keep two copies apart. */
export declare class DeadlineSweep implements OnApplicationBootstrap, OnModuleDestroy {
    private readonly database;
    private readonly operations;
    private readonly clock;
    private readonly loop;
    private prunedAtMs;
    constructor(database: Database, operations: Operations, clock: Clock, log: Logger);
    onApplicationBootstrap(): void;
    onModuleDestroy(): Promise<void>;
    sweep(): Promise<void>;
    private problemOf;
}
//# sourceMappingURL=deadline-sweep.d.ts.map