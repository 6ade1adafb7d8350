var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
var __param = (this && this.__param) || function (paramIndex, decorator) {
    return function (target, key) { decorator(target, key, paramIndex); }
};
import { clusterState, } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Outbox } from '@berth/platform/outbox';
import { Database } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { Operations } from '../operation/operations.js';
import { Placements } from '../placement/placement.service.js';
import { readmissionProblem, readmit, register, registrationProblem, stateOf, } from './cluster.js';
import * as store from './cluster.store.pg.js';
import { judge } from './health.js';
/** How long a registered or readmitted cluster may take to become ready. */
export const joinDeadlineMs = Symbol('joinDeadlineMs');
const keptProbesMs = 60_000;
/** The registry of clusters and the phase of each. */
let Clusters = class Clusters {
    database;
    outbox;
    operations;
    placements;
    clock;
    deadlineMs;
    constructor(database, outbox, operations, placements, clock, deadlineMs) {
        this.database = database;
        this.outbox = outbox;
        this.operations = operations;
        this.placements = placements;
        this.clock = clock;
        this.deadlineMs = deadlineMs;
    }
    async register({ envelope, data }, tx) {
        await store.lockRegistry(tx);
        const existing = await store.find(tx, data.name);
        const isAwaited = (await this.operations.runningOf(tx, data.name)).length > 0;
        const registered = register(data, existing, isAwaited, this.clock.now());
        if ('problem' in registered)
            return this.operations.refuse(tx, envelope, 'cluster.register', data.name, registered.problem);
        await store.save(tx, registered);
        await this.outbox.append(tx, clusterState, stateOf(registered), { causedBy: envelope });
        await this.operations.begin(tx, envelope, {
            kind: 'cluster.register',
            target: data.name,
            deadlineMs: this.deadlineMs,
            steps: [this.waiting(data.name)],
        });
    }
    async readmit({ envelope, data }, tx) {
        const all = await store.lockAll(tx);
        const existing = all.find(({ name }) => name === data.name) ?? null;
        const readmitted = readmit(existing, data.name, this.clock.now());
        if ('problem' in readmitted)
            return this.operations.refuse(tx, envelope, 'cluster.readmit', data.name, readmitted.problem);
        await store.save(tx, readmitted);
        await this.outbox.append(tx, clusterState, stateOf(readmitted), { causedBy: envelope });
        await this.placements.renewEpoch(tx, readmitted.name, readmitted.epoch, envelope);
        await this.operations.begin(tx, envelope, {
            kind: 'cluster.readmit',
            target: data.name,
            deadlineMs: this.deadlineMs,
            steps: [this.waiting(data.name)],
        });
    }
    async observed(seen, tx) {
        await store.observed(tx, seen, this.clock.now());
    }
    async forgetObserved(name, tx) {
        await store.forgetObserved(tx, name);
    }
    /** Takes down what a probe saw, and judges the cluster by it and by what ipaas reports. */
    async probed(name, probe, tx) {
        const now = this.clock.now();
        const cluster = await store.find(tx, name);
        if (!cluster)
            return;
        const since = now.getTime() - keptProbesMs;
        const earlier = (await store.probesOf(tx, name)).filter(({ at }) => at.getTime() >= since);
        const probes = [...earlier, probe];
        await store.saveProbes(tx, name, probes);
        const verdict = judge(cluster, { probes, watch: await store.watchOf(tx, name) }, now);
        const changed = verdict && (await store.applyVerdict(tx, cluster, verdict, now));
        if (!changed)
            return;
        await this.outbox.append(tx, clusterState, stateOf(changed));
        if (cluster.phase === 'joining' && changed.phase === 'ready')
            await this.endJoining(tx, changed);
    }
    list() {
        return store.list(this.database);
    }
    /** Throws what would be refused of a registration now. */
    async checkRegistration(asked) {
        const problem = await this.database.transaction(async (tx) => {
            const isAwaited = (await this.operations.runningOf(tx, asked.name)).length > 0;
            return registrationProblem(asked, await store.find(tx, asked.name), isAwaited);
        });
        if (problem)
            throw new ProblemError(problem);
    }
    async checkReadmission(name) {
        const cluster = await store.find(this.database, name);
        if (!cluster)
            throw refuse('not_found', { what: `cluster ${name}` });
        const problem = readmissionProblem(cluster);
        if (problem)
            throw new ProblemError(problem);
    }
    async endJoining(tx, cluster) {
        for (const running of await this.operations.runningOf(tx, cluster.name)) {
            const { startedAt } = running;
            const endedAt = this.clock.now().toISOString();
            const step = { name: 'ready', cluster: cluster.name, startedAt: startedAt.toISOString(), endedAt };
            await this.operations.end(tx, running, {
                state: 'succeeded',
                steps: [{ ...step, state: 'done', detail: cluster.reason.slice(0, 500) }],
                result: { epoch: cluster.epoch },
            });
        }
    }
    waiting(cluster) {
        return { name: 'ready', cluster, state: 'running', startedAt: this.clock.now().toISOString() };
    }
};
Clusters = __decorate([
    Injectable(),
    __param(5, Inject(joinDeadlineMs)),
    __metadata("design:paramtypes", [Database,
        Outbox,
        Operations,
        Placements,
        Clock, Number])
], Clusters);
export { Clusters };
//# sourceMappingURL=cluster.service.js.map