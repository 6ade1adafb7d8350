import { routes, type ResponseOf } from '@berth/api';
import { serviceKey } from '@berth/contracts';
import { Input, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { ContainerService } from './container.service.js';
import { EventService } from './event.service.js';
import { LogService } from './log.service.js';

@Controller()
export class ContainerHttp {
  constructor(
    private readonly containers: ContainerService,
    private readonly logs: LogService,
    private readonly events: EventService,
  ) {}

  @Serves(routes.listContainers)
  listContainers(
    @Input() { params, query }: ServedInput<typeof routes.listContainers>,
  ): Promise<ResponseOf<typeof routes.listContainers>> {
    return this.containers.list(serviceKey(params), query);
  }

  @Serves(routes.readLogs)
  readLogs(@Input() { params, query }: ServedInput<typeof routes.readLogs>): Promise<Readable> {
    return this.logs.read(serviceKey(params), query);
  }

  @Serves(routes.listEvents)
  async listEvents(
    @Input() { params }: ServedInput<typeof routes.listEvents>,
  ): Promise<ResponseOf<typeof routes.listEvents>> {
    return { ...(await this.events.list(serviceKey(params))), continue: null };
  }
}
