var __decorate = (this && this.__decorate) || function (decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
    else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
    return c > 3 && r && Object.defineProperty(target, key, r), r;
};
var __metadata = (this && this.__metadata) || function (k, v) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") return Reflect.metadata(k, v);
};
import { observedCluster, readmitCluster, registerCluster } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import { Controller } from '@nestjs/common';
import { Clusters } from './cluster.service.js';
let ClusterMessages = class ClusterMessages {
    clusters;
    constructor(clusters) {
        this.clusters = clusters;
    }
    registerCluster(message, tx) {
        return this.clusters.register(message, tx);
    }
    readmitCluster(message, tx) {
        return this.clusters.readmit(message, tx);
    }
    observedCluster({ data, envelope }, tx) {
        return data ? this.clusters.observed(data, tx) : this.clusters.forgetObserved(envelope.subject, tx);
    }
};
__decorate([
    Handles(registerCluster),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], ClusterMessages.prototype, "registerCluster", null);
__decorate([
    Handles(readmitCluster),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], ClusterMessages.prototype, "readmitCluster", null);
__decorate([
    Handles(observedCluster),
    __metadata("design:type", Function),
    __metadata("design:paramtypes", [Object, Object]),
    __metadata("design:returntype", Promise)
], ClusterMessages.prototype, "observedCluster", null);
ClusterMessages = __decorate([
    Controller(),
    __metadata("design:paramtypes", [Clusters])
], ClusterMessages);
export { ClusterMessages };
//# sourceMappingURL=cluster.messages.controller.js.map