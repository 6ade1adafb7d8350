import { routes, type RegistryCredential, type ResponseOf } from '@berth/api';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { RegistryCredentialService } from './registry-credential.service.js';
import type { CredentialRow } from './registry-credential.js';

@Controller()
export class RegistryCredentialHttp {
  constructor(private readonly credentials: RegistryCredentialService) {}

  @Serves(routes.listRegistryCredentials)
  async list(
    @Input() { params }: ServedInput<typeof routes.listRegistryCredentials>,
  ): Promise<ResponseOf<typeof routes.listRegistryCredentials>> {
    return { items: (await this.credentials.list(params)).map(answer), continue: null };
  }

  @Serves(routes.putRegistryCredential)
  async put(
    @Input() { params, body }: ServedInput<typeof routes.putRegistryCredential>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.putRegistryCredential>> {
    return answer(await this.credentials.put(params, params.name, body, caller.userName));
  }

  @Serves(routes.deleteRegistryCredential)
  async delete(
    @Input() { params }: ServedInput<typeof routes.deleteRegistryCredential>,
  ): Promise<ResponseOf<typeof routes.deleteRegistryCredential>> {
    await this.credentials.remove(params, params.name);
    return { name: params.name };
  }
}

function answer({ updatedAt, usedBy, ...row }: CredentialRow): RegistryCredential {
  return { ...row, updatedAt: updatedAt.toISOString(), usedBy: [...usedBy] };
}
