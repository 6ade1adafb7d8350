import { Module } from '@nestjs/common';
import { TopologyHttp } from './topology.http.controller.js';
import { TopologyService } from './topology.service.js';
import { TopologyStore } from './topology.store.pg.js';

/** Data centre, cluster, node, container: what runs where. */
@Module({ controllers: [TopologyHttp], providers: [TopologyStore, TopologyService] })
export class TopologyModule {}
