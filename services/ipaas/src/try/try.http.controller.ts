import { routes, type ResponseOf } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { Serves } from '@berth/platform/http';
import { Controller } from '@nestjs/common';

@Controller()
export class TryHttp {
  @Serves(routes.tryService)
  async ask(): Promise<ResponseOf<typeof routes.tryService>> {
    throw refuse('nothing_to_ask');
  }
}
