var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
import { placeService, releasePlacement, scaleService, serviceState, startService, stopService, } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import { Controller } from '@nestjs/common';
import { Placements } from './placement.service.js';
let PlacementMessages = class PlacementMessages {
    placements;
    constructor(placements) {
        this.placements = placements;
    }
    placeService(message, tx) {
        return this.placements.place(message, tx);
    }
    releasePlacement(message, tx) {
        return this.placements.release(message, tx);
    }
    scaleService({ data, envelope }, tx) {
        return this.placements.change({ kind: 'service.scale', replicas: data.replicas }, data, envelope, tx);
    }
    startService({ data, envelope }, tx) {
        return this.placements.change({ kind: 'service.start' }, data, envelope, tx);
    }
    stopService({ data, envelope }, tx) {
        return this.placements.change({ kind: 'service.stop' }, data, envelope, tx);
    }
    serviceState({ data, envelope }, tx) {
        return data
            ? this.placements.serviceSaid(data, tx)
            : this.placements.serviceGone(envelope.subject, envelope.uid, tx);
    }
};
__decorate([
    Handles(placeService),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], PlacementMessages.prototype, "placeService", null);
__decorate([
    Handles(releasePlacement),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], PlacementMessages.prototype, "releasePlacement", null);
__decorate([
    Handles(scaleService),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], PlacementMessages.prototype, "scaleService", null);
__decorate([
    Handles(startService),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], PlacementMessages.prototype, "startService", null);
__decorate([
    Handles(stopService),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], PlacementMessages.prototype, "stopService", null);
__decorate([
    Handles(serviceState),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], PlacementMessages.prototype, "serviceState", null);
PlacementMessages = __decorate([
    Controller(),
    __metadata("design:paramtypes", [Placements])
], PlacementMessages);
export { PlacementMessages };
//# sourceMappingURL=placement.messages.controller.js.map