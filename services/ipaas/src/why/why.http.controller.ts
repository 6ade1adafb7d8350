import { routes, type ResponseOf } from '@berth/api';
import { serviceKey } from '@berth/contracts';
import { Input, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { WhyService } from './why.service.js';

@Controller()
export class WhyHttp {
  constructor(private readonly why: WhyService) {}

  @Serves(routes.explainService)
  explain(
    @Input() { params }: ServedInput<typeof routes.explainService>,
  ): Promise<ResponseOf<typeof routes.explainService>> {
    return this.why.explain(serviceKey(params), 'without log');
  }

  @Serves(routes.explainServiceWithLog)
  explainWithLog(
    @Input() { params }: ServedInput<typeof routes.explainServiceWithLog>,
  ): Promise<ResponseOf<typeof routes.explainServiceWithLog>> {
    return this.why.explain(serviceKey(params), 'with log');
  }
}
