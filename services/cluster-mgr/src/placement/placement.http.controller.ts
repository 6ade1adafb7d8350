import { routes, type PlacementPreview } from '@berth/api';
import {
  serviceKey,
  type DataOf,
  type scaleService,
  type splitService,
  type startService,
  type stopService,
} from '@berth/contracts';
import { Input, Preflight, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { PlacementReader } from './placement.reader.js';

@Controller()
export class PlacementHttp {
  constructor(private readonly reader: PlacementReader) {}

  @Serves(routes.previewPlacement)
  previewPlacement(@Input() { params, body }: ServedInput<typeof routes.previewPlacement>): Promise<PlacementPreview> {
    const { service = 'new-service', ...asked } = body;
    return this.reader.preview(serviceKey({ ...params, service }), asked);
  }

  @Preflight(routes.scaleService)
  async scaleService(
    @Input() { params, body }: ServedInput<typeof routes.scaleService>,
  ): Promise<DataOf<typeof scaleService>> {
    const { replicas, cause } = body;
    const { key, uid } = await this.reader.check(serviceKey(params), { kind: 'service.scale', replicas });
    return { key, uid, replicas, cause };
  }

  @Preflight(routes.splitService)
  async splitService(
    @Input() { params, body }: ServedInput<typeof routes.splitService>,
  ): Promise<DataOf<typeof splitService>> {
    const { policy, cause } = body;
    const { key, uid } = await this.reader.check(serviceKey(params), { kind: 'service.split', policy });
    return { key, uid, policy, cause };
  }

  @Preflight(routes.startService)
  async startService(
    @Input() { params, body }: ServedInput<typeof routes.startService>,
  ): Promise<DataOf<typeof startService>> {
    const { key, uid } = await this.reader.check(serviceKey(params), { kind: 'service.start' });
    return { key, uid, cause: body.cause };
  }

  @Preflight(routes.stopService)
  async stopService(
    @Input() { params, body }: ServedInput<typeof routes.stopService>,
  ): Promise<DataOf<typeof stopService>> {
    const { key, uid } = await this.reader.check(serviceKey(params), { kind: 'service.stop' });
    return { key, uid, cause: body.cause };
  }
}
