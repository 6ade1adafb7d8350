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
import { clusterMgrOperationChanged, } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import { Injectable } from '@nestjs/common';
import * as store from './operation.store.pg.js';
/** Conducts the operations of this service's commands: what it says here is their state, each ends exactly once. */
let Operations = class Operations {
    outbox;
    clock;
    constructor(outbox, clock) {
        this.outbox = outbox;
        this.clock = clock;
    }
    /** The work has begun. A command without an operation is worked on all the same, unseen. */
    async begin(tx, envelope, begun) {
        if (!envelope.operationId)
            return;
        const startedAt = this.clock.now();
        const running = {
            operationId: envelope.operationId,
            kind: begun.kind,
            target: begun.target,
            uid: begun.uid ?? null,
            generation: begun.generation ?? null,
            envelope,
            startedAt,
            deadlineAt: new Date(startedAt.getTime() + begun.deadlineMs),
        };
        if (await store.insert(tx, running, 'running'))
            await this.say(tx, running, { state: 'running', steps: begun.steps });
    }
    /** Nothing was made, and this is why. */
    async refuse(tx, envelope, kind, target, problem) {
        if (!envelope.operationId)
            return;
        const at = this.clock.now();
        const { operationId } = envelope;
        const refused = {
            operationId,
            kind,
            target,
            uid: null,
            generation: null,
            envelope,
            startedAt: at,
            deadlineAt: at,
        };
        if (await store.insert(tx, refused, 'refused'))
            await this.say(tx, refused, { state: 'refused', problem });
    }
    async end(tx, running, end) {
        if (await store.end(tx, running.operationId, end.state))
            await this.say(tx, running, end);
    }
    /** A newer command, or the deletion of its target, takes the place of everything that still runs for it. */
    async supersede(tx, target, by) {
        for (const running of await store.runningOf(tx, target))
            await this.end(tx, running, { state: 'superseded', problem: problemOf('superseded', { kind: by }) });
    }
    runningOf(tx, target) {
        return store.runningOf(tx, target);
    }
    async say(tx, { operationId, kind, target, envelope }, change) {
        const { actor } = envelope;
        const data = { operationId, kind, target, ...(actor && { actor }), ...change };
        await this.outbox.append(tx, clusterMgrOperationChanged, data, { operationId, causedBy: envelope });
    }
};
Operations = __decorate([
    Injectable(),
    __metadata("design:paramtypes", [Outbox,
        Clock])
], Operations);
export { Operations };
//# sourceMappingURL=operations.js.map