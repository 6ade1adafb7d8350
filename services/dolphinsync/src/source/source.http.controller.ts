import { routes, type ResponseOf } from '@berth/api';
import type { DataOf, removeSource } from '@berth/contracts';
import { Input, Preflight, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { SourceService } from './source.service.js';

type Change = DataOf<typeof removeSource>;

@Controller()
export class SourceHttp {
  constructor(private readonly sources: SourceService) {}

  @Serves(routes.listCmdbSources)
  async listCmdbSources(): Promise<ResponseOf<typeof routes.listCmdbSources>> {
    return { items: await this.sources.list(), continue: null };
  }

  @Serves(routes.listCmdbSourceServices)
  async listCmdbSourceServices(
    @Input() { params }: ServedInput<typeof routes.listCmdbSourceServices>,
  ): Promise<ResponseOf<typeof routes.listCmdbSourceServices>> {
    return { items: await this.sources.services(params.source), continue: null };
  }

  @Preflight(routes.removeCmdbSource)
  async removeCmdbSource(@Input() { params, body }: ServedInput<typeof routes.removeCmdbSource>): Promise<Change> {
    await this.sources.checkNow(params.source, 'remove', body.cause);
    return { source: params.source, ...body };
  }

  @Preflight(routes.restoreCmdbSource)
  async restoreCmdbSource(@Input() { params, body }: ServedInput<typeof routes.restoreCmdbSource>): Promise<Change> {
    await this.sources.checkNow(params.source, 'restore');
    return { source: params.source, ...body };
  }
}
