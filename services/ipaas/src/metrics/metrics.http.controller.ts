import { routes, type ResponseOf } from '@berth/api';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { MetricsService } from './metrics.service.js';
import { UsageService } from './usage.service.js';

@Controller()
export class MetricsHttp {
  constructor(
    private readonly metrics: MetricsService,
    private readonly usage: UsageService,
  ) {}

  @Serves(routes.getServiceMetrics)
  getServiceMetrics(
    @Input() { params, query }: ServedInput<typeof routes.getServiceMetrics>,
  ): Promise<ResponseOf<typeof routes.getServiceMetrics>> {
    return this.metrics.ofService(params, query);
  }

  @Serves(routes.listServiceUsage)
  listServiceUsage(
    @Input() { query }: ServedInput<typeof routes.listServiceUsage>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.listServiceUsage>> {
    return this.usage.services(query, caller);
  }

  @Serves(routes.listNodeUsage)
  listNodeUsage(): Promise<ResponseOf<typeof routes.listNodeUsage>> {
    return this.usage.nodes();
  }
}
