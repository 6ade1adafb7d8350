import { routes, type ResponseOf } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { Input, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';

@Controller()
export class RegistryCredentialHttp {
  @Serves(routes.listRegistryCredentials)
  async list(): Promise<ResponseOf<typeof routes.listRegistryCredentials>> {
    return { items: [], continue: null };
  }

  @Serves(routes.putRegistryCredential)
  async put(
    @Input() { params }: ServedInput<typeof routes.putRegistryCredential>,
  ): Promise<ResponseOf<typeof routes.putRegistryCredential>> {
    throw refuse('unknown_registry_credential', { ...params });
  }

  @Serves(routes.deleteRegistryCredential)
  async delete(
    @Input() { params }: ServedInput<typeof routes.deleteRegistryCredential>,
  ): Promise<ResponseOf<typeof routes.deleteRegistryCredential>> {
    throw refuse('unknown_registry_credential', { ...params });
  }
}
