var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
import { problemOf } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { isAboutCluster, unreachableProblem } from '../cluster/cluster.js';
import * as clusters from '../cluster/cluster.store.pg.js';
import * as store from './operation.store.pg.js';
import { Operations } from './operations.js';
/** Longer than commands stay on their stream, so that none comes again after its operation is forgotten. */
const keptMs = 8 * 24 * 60 * 60 * 1_000;
const pruneEveryMs = 10 * 60 * 1_000;
/** Ends operations whose time is up, in any copy: row locks keep two copies apart. */
let DeadlineSweep = class DeadlineSweep {
    database;
    operations;
    clock;
    loop;
    prunedAtMs = 0;
    constructor(database, operations, clock, log) {
        this.database = database;
        this.operations = operations;
        this.clock = clock;
        this.loop = new WakeableLoop({ name: 'deadline-sweep', everyMs: 1_000, run: () => this.sweep(), log });
    }
    onApplicationBootstrap() {
        this.loop.start();
    }
    async onModuleDestroy() {
        await this.loop.stop();
    }
    async sweep() {
        const now = this.clock.now();
        await this.database.transaction(async (tx) => {
            for (const running of await store.overdue(tx, now, 100))
                await this.operations.end(tx, running, { state: 'failed', problem: await this.problemOf(tx, running) });
        });
        if (now.getTime() - this.prunedAtMs < pruneEveryMs)
            return;
        this.prunedAtMs = now.getTime();
        await this.database.transaction((tx) => store.prune(tx, new Date(now.getTime() - keptMs)));
    }
    async problemOf(tx, running) {
        const cluster = isAboutCluster(running.kind) ? await clusters.find(tx, running.target) : null;
        if (cluster)
            return unreachableProblem(cluster);
        const seconds = Math.round((running.deadlineAt.getTime() - running.startedAt.getTime()) / 1_000);
        return problemOf('operation_deadline', { seconds });
    }
};
DeadlineSweep = __decorate([
    Injectable(),
    __metadata("design:paramtypes", [Database,
        Operations,
        Clock,
        Logger])
], DeadlineSweep);
export { DeadlineSweep };
//# sourceMappingURL=deadline-sweep.js.map