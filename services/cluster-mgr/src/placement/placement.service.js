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
import { placed, unplaceable, } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import { Injectable } from '@nestjs/common';
import * as clusters from '../cluster/cluster.store.pg.js';
import { Operations } from '../operation/operations.js';
import { changed } from './change.js';
import { asAsked, decided, placedOf, reservationsOf, settled, splitText, withEpoch, withoutSpec, } from './placement.js';
import * as store from './placement.store.pg.js';
import { assignmentsOf, noRoomProblem, split, wishOf } from './room.js';
/** How long a scale, start or stop may take to settle. */
const operationDeadlineMs = 600_000;
/**
 * Decides where services run. Every decision is one transaction that first locks the clusters, so that what is counted as
 * reserved cannot change before the new reservation is written.
 */
let Placements = class Placements {
    outbox;
    operations;
    clock;
    constructor(outbox, operations, clock) {
        this.outbox = outbox;
        this.operations = operations;
        this.clock = clock;
    }
    /** ipaas asks for a candidate spec. Its operation is ipaas's; the answer is an event. */
    async place({ envelope, data }, tx) {
        const { key, uid, specVersion } = data;
        const registered = await clusters.lockAll(tx);
        const existing = await store.lock(tx, key);
        const asked = asAsked(existing, data);
        if (asked === 'stale')
            return;
        if (asked === 'unknown_service') {
            const reasons = registered.map(({ name }) => ({ cluster: name, code: 'unknown_service' }));
            return this.sayUnplaceable(tx, { key, uid, specVersion, reasons }, envelope);
        }
        const decision = this.decide(asked, await store.rooms(tx, registered, key), true);
        if (decision.kind === 'unplaceable')
            return this.sayUnplaceable(tx, { key, uid, specVersion, reasons: decision.reasons }, envelope);
        if (existing && existing.uid !== uid)
            await this.operations.supersede(tx, key, 'service.delete');
        await this.save(tx, decision.placement);
        await this.sayPlaced(tx, placedOf(decision.placement), envelope);
    }
    /** A candidate was dropped, or the service is gone. */
    async release({ envelope, data }, tx) {
        const { key, uid, specVersion } = data;
        await clusters.lockAll(tx);
        const existing = await store.lock(tx, key);
        if (!existing || existing.uid !== uid)
            return;
        if (specVersion === undefined) {
            await this.operations.supersede(tx, key, 'service.delete');
            return store.remove(tx, key);
        }
        const released = withoutSpec(existing, specVersion);
        if (!released)
            return;
        await this.save(tx, released);
        if (released.generation > existing.generation)
            await this.sayPlaced(tx, placedOf(released), envelope);
    }
    /** Scale, start or stop: conducted here, from the decision until everything of its generation runs. */
    async change(change, { key, uid }, envelope, tx) {
        const registered = await clusters.lockAll(tx);
        const existing = await store.lock(tx, key);
        const refused = (problem) => this.operations.refuse(tx, envelope, change.kind, key, problem);
        if (!existing || existing.uid !== uid)
            return refused(problemOf('not_found', { what: `service ${key}` }));
        const wanted = changed(existing, change);
        if ('problem' in wanted)
            return refused(wanted.problem);
        const decision = this.decide(wanted, await store.rooms(tx, registered, key), false);
        if (decision.kind === 'unplaceable')
            return refused(decision.problem);
        await this.operations.supersede(tx, key, change.kind);
        await this.save(tx, decision.placement);
        await this.sayPlaced(tx, placedOf(decision.placement), envelope);
        await this.begin(tx, envelope, change.kind, decision.placement);
    }
    /** What ipaas says of a service: an operation whose generation has settled is done, a candidate is the live one. */
    async serviceSaid(said, tx) {
        const placement = await store.told(tx, said);
        if (!placement)
            return;
        const now = settled(placement, said);
        if (now !== placement)
            await this.save(tx, now);
        for (const running of await this.operations.runningOf(tx, said.key))
            if (running.uid === said.uid && (running.generation ?? Infinity) <= placement.settledGeneration)
                await this.operations.end(tx, running, { state: 'succeeded', result: { replicas: said.ready } });
    }
    /** The state stream says that an incarnation is gone; its release should have come before. */
    async serviceGone(key, uid, tx) {
        const existing = await store.lock(tx, key);
        if (!existing || existing.uid !== uid)
            return;
        await this.operations.supersede(tx, key, 'service.delete');
        await store.remove(tx, key);
    }
    /** What runs in a readmitted cluster is claimed anew under its new epoch, so that it is no longer fenced off. */
    async renewEpoch(tx, cluster, epoch, causedBy) {
        const sayings = [];
        for (const placement of await store.lockIn(tx, cluster)) {
            const renewed = withEpoch(placement, cluster, epoch);
            if (!renewed)
                continue;
            await this.save(tx, renewed);
            // Not the readmission's operation: its end does not wait for every service.
            const said = { uid: renewed.uid, correlationId: causedBy.correlationId };
            sayings.push(this.outbox.saying(placed, placedOf(renewed), said));
        }
        await this.outbox.appendAll(tx, sayings);
    }
    decide(wanted, rooms, isForCandidate) {
        const wish = wishOf(wanted, isForCandidate);
        const result = split(wish, rooms);
        if (result.kind === 'placed')
            return { kind: 'placed', placement: decided(wanted, assignmentsOf(result, rooms), isForCandidate) };
        const reasons = result.reasons.map(({ cluster, code, params }) => ({ cluster, code, params: { ...params } }));
        return { kind: 'unplaceable', problem: noRoomProblem(wish, result.reasons), reasons };
    }
    async begin(tx, envelope, kind, placement) {
        const at = this.clock.now().toISOString();
        const detail = splitText(placement.assignments);
        const step = { name: 'split_replicas', state: 'done', startedAt: at, endedAt: at, detail };
        const { key: target, uid, generation } = placement;
        await this.operations.begin(tx, envelope, {
            kind,
            target,
            uid,
            generation,
            deadlineMs: operationDeadlineMs,
            steps: [step],
        });
    }
    save(tx, placement) {
        return store.save(tx, placement, reservationsOf(placement), this.clock.now());
    }
    async sayPlaced(tx, data, causedBy) {
        await this.outbox.append(tx, placed, data, { uid: data.uid, causedBy });
    }
    async sayUnplaceable(tx, data, causedBy) {
        await this.outbox.append(tx, unplaceable, data, { uid: data.uid, causedBy });
    }
};
Placements = __decorate([
    Injectable(),
    __metadata("design:paramtypes", [Outbox,
        Operations,
        Clock])
], Placements);
export { Placements };
//# sourceMappingURL=placement.service.js.map