import { routes, type CmdbLine, type CmdbMapping, type ResponseOf } from '@berth/api';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { actorOf } from '../cmdb/actor.js';
import { MappingService } from './mapping.service.js';

@Controller()
export class MappingHttp {
  constructor(private readonly mapping: MappingService) {}

  @Serves(routes.listCmdbLines)
  async listCmdbLines(): Promise<ResponseOf<typeof routes.listCmdbLines>> {
    return { items: await this.mapping.lines(), continue: null };
  }

  @Serves(routes.setCmdbPayer)
  setCmdbPayer(
    @Input() { body }: ServedInput<typeof routes.setCmdbPayer>,
    @Caller() caller: Identity,
  ): Promise<CmdbLine> {
    return this.mapping.setPayer(body, actorOf(caller));
  }

  @Serves(routes.listCmdbMappings)
  listCmdbMappings(
    @Input() { query }: ServedInput<typeof routes.listCmdbMappings>,
  ): Promise<ResponseOf<typeof routes.listCmdbMappings>> {
    return this.mapping.page(query);
  }

  @Serves(routes.setCmdbLink)
  setCmdbLink(
    @Input() { body }: ServedInput<typeof routes.setCmdbLink>,
    @Caller() caller: Identity,
  ): Promise<CmdbMapping> {
    return this.mapping.link(body, actorOf(caller));
  }
}
