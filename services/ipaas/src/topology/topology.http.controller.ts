import { routes, type ResponseOf } from '@berth/api';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { TopologyService } from './topology.service.js';

@Controller()
export class TopologyHttp {
  constructor(private readonly topology: TopologyService) {}

  @Serves(routes.getTopology)
  getTopology(
    @Input() { query }: ServedInput<typeof routes.getTopology>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.getTopology>> {
    return this.topology.read(query.project, caller);
  }
}
