var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
import { parseServiceKey } from '@berth/contracts';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import * as clusters from '../cluster/cluster.store.pg.js';
import { changed } from './change.js';
import * as store from './placement.store.pg.js';
import { previewOf } from './preview.js';
import { currentOf, noRoomProblem, split, wishOf } from './room.js';
/** Answers what would be decided now. Reserves nothing. */
let PlacementReader = class PlacementReader {
    database;
    constructor(database) {
        this.database = database;
    }
    /** `key` is a service that may run already: what it holds counts as free for it. */
    async preview(key, asked) {
        const existing = await store.find(this.database, key);
        const rooms = await store.rooms(this.database, await clusters.list(this.database), key);
        const { environment } = parseServiceKey(key);
        const wish = { environment, ...asked, current: existing ? currentOf(existing) : {} };
        return previewOf(wish, rooms, split(wish, rooms));
    }
    /** The service that a change is for. @throws ProblemError when the change would be refused now. */
    async check(key, change) {
        const existing = await store.find(this.database, key);
        if (!existing)
            throw refuse('not_found', { what: `service ${key}` });
        const wanted = changed(existing, change);
        if ('problem' in wanted)
            throw new ProblemError(wanted.problem);
        const wish = wishOf(wanted, false);
        const result = split(wish, await store.rooms(this.database, await clusters.list(this.database), key));
        if (result.kind === 'unplaceable')
            throw new ProblemError(noRoomProblem(wish, result.reasons));
        return existing;
    }
};
PlacementReader = __decorate([
    Injectable(),
    __metadata("design:paramtypes", [Database])
], PlacementReader);
export { PlacementReader };
//# sourceMappingURL=placement.reader.js.map