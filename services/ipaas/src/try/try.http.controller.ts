import { routes, type ResponseOf } from '@berth/api';
import { serviceKey } from '@berth/contracts';
import { Input, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { TryService } from './try.service.js';

@Controller()
export class TryHttp {
  constructor(private readonly tries: TryService) {}

  @Serves(routes.tryService)
  ask(@Input() { params, body }: ServedInput<typeof routes.tryService>): Promise<ResponseOf<typeof routes.tryService>> {
    return this.tries.ask(serviceKey(params), body);
  }
}
