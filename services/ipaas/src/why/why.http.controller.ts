import { routes, type ResponseOf } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Serves } from '@berth/platform/http';
import { Controller } from '@nestjs/common';

@Controller()
export class WhyHttp {
  constructor(private readonly clock: Clock) {}

  @Serves(routes.explainService)
  async explain(): Promise<ResponseOf<typeof routes.explainService>> {
    return { asOf: this.clock.now().toISOString(), finding: null, log: null, changes: null };
  }
}
