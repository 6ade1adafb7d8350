import { routes, type ResponseOf } from '@berth/api';
import { serviceKey } from '@berth/contracts';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { SecretService } from './secret.service.js';
import type { SecretRow } from './secret.store.pg.js';

@Controller()
export class SecretHttp {
  constructor(private readonly secrets: SecretService) {}

  @Serves(routes.putSecret)
  async put(
    @Input() { params, body }: ServedInput<typeof routes.putSecret>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.putSecret>> {
    return answer(await this.secrets.put(serviceKey(params), params.name, body.value, caller.userId));
  }

  @Serves(routes.listSecrets)
  async list(
    @Input() { params }: ServedInput<typeof routes.listSecrets>,
  ): Promise<ResponseOf<typeof routes.listSecrets>> {
    const rows = await this.secrets.list(serviceKey(params));
    return { items: rows.map(answer), continue: null };
  }
}

function answer({ name, version, createdAt }: SecretRow) {
  return { name, version, createdAt: createdAt.toISOString() };
}
