import { createPrometheusClient } from '@berth/clients/prometheus';
import { CONFIG } from '@berth/platform/bootstrap';
import { Module } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { MetricsHttp } from './metrics.http.controller.js';
import { MetricsService } from './metrics.service.js';
import { MetricsStore } from './metrics.store.pg.js';
import { MetricsSource, PROMETHEUS } from './metrics-source.js';
import { PeakMemory } from './peak-memory.js';
import { UsageService } from './usage.service.js';

/** What services and nodes use, asked of Prometheus and joined with what the tables know. */
@Module({
  controllers: [MetricsHttp],
  providers: [
    MetricsStore,
    MetricsSource,
    MetricsService,
    UsageService,
    PeakMemory,
    {
      provide: PROMETHEUS,
      inject: [CONFIG],
      useFactory: ({ BERTH_PROMETHEUS_URL: url, BERTH_PROMETHEUS_TOKEN: token }: IpaasConfig) =>
        url === undefined ? null : createPrometheusClient({ url, ...(token !== undefined && { token }) }),
    },
  ],
  exports: [PeakMemory],
})
export class MetricsModule {}
