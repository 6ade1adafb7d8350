import { routes, type ResponseOf } from '@berth/api';
import { Caller, Input, Preflight, Serves, withEtag, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { PreflightService } from './preflight.service.js';
import { ServiceReadService } from './service-read.service.js';

@Controller()
export class ServiceHttp {
  constructor(
    private readonly reads: ServiceReadService,
    private readonly preflights: PreflightService,
  ) {}

  @Serves(routes.listServices)
  listServices(
    @Input() input: ServedInput<typeof routes.listServices>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.listServices>> {
    return this.reads.list(input, caller);
  }

  @Serves(routes.getService)
  async getService(@Input() input: ServedInput<typeof routes.getService>) {
    const detail = await this.reads.detail(input);
    return withEtag(detail, detail.specVersion);
  }

  @Serves(routes.listReleases)
  listReleases(
    @Input() input: ServedInput<typeof routes.listReleases>,
  ): Promise<ResponseOf<typeof routes.listReleases>> {
    return this.reads.listReleases(input);
  }

  @Serves(routes.checkName)
  checkName(@Input() input: ServedInput<typeof routes.checkName>): Promise<ResponseOf<typeof routes.checkName>> {
    return this.preflights.checkName(input);
  }

  @Preflight(routes.deployService)
  deployService(@Input() input: ServedInput<typeof routes.deployService>) {
    return this.preflights.deploy(input);
  }

  @Preflight(routes.upgradeService)
  upgradeService(@Input() input: ServedInput<typeof routes.upgradeService>) {
    return this.preflights.upgrade(input);
  }

  @Preflight(routes.rollbackService)
  rollbackService(@Input() input: ServedInput<typeof routes.rollbackService>) {
    return this.preflights.rollback(input);
  }

  @Preflight(routes.restartService)
  restartService(@Input() input: ServedInput<typeof routes.restartService>) {
    return this.preflights.restart(input);
  }

  @Preflight(routes.pauseService)
  pauseService(@Input() input: ServedInput<typeof routes.pauseService>) {
    return this.preflights.pause(input);
  }

  @Preflight(routes.resumeService)
  resumeService(@Input() input: ServedInput<typeof routes.resumeService>) {
    return this.preflights.resume(input);
  }

  @Preflight(routes.deleteService)
  deleteService(@Input() input: ServedInput<typeof routes.deleteService>) {
    return this.preflights.delete(input);
  }
}
