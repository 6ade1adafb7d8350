import { Module } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { ContainerHttp } from './container.http.controller.js';
import { ContainerService } from './container.service.js';
import { ContainerStore } from './container.store.pg.js';
import { EventService } from './event.service.js';
import { KeptLogService } from './kept-log.service.js';
import { LogTail } from './log-tail.js';
import { LogService } from './log.service.js';

/** Containers now and past, their output, and what their clusters say of them. */
@Module({
  imports: [ClusterModule],
  controllers: [ContainerHttp],
  providers: [ContainerStore, ContainerService, LogService, KeptLogService, LogTail, EventService],
  exports: [LogTail, EventService],
})
export class ContainerModule {}
