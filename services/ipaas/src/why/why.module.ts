import { Module } from '@nestjs/common';
import { ContainerModule } from '../container/container.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { CauseModule } from './cause.module.js';
import { WhyHttp } from './why.http.controller.js';
import { WhyService } from './why.service.js';

/** Why a service is not well: with its log and its events. */
@Module({
  imports: [CauseModule, ContainerModule, MetricsModule],
  controllers: [WhyHttp],
  providers: [WhyService, ReleaseStore],
})
export class WhyModule {}
