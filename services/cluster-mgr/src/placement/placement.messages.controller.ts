import {
  cancelPlacementOperation,
  placeService,
  releasePlacement,
  scaleService,
  splitService,
  serviceState,
  startService,
  stopService,
  type DataOf,
  type Message,
} from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { Placements } from './placement.service.js';

@Controller()
export class PlacementMessages {
  constructor(private readonly placements: Placements) {}

  @Handles(placeService)
  placeService(message: Message<DataOf<typeof placeService>>, tx: Tx): Promise<void> {
    return this.placements.place(message, tx);
  }

  @Handles(releasePlacement)
  releasePlacement(message: Message<DataOf<typeof releasePlacement>>, tx: Tx): Promise<void> {
    return this.placements.release(message, tx);
  }

  @Handles(scaleService)
  scaleService({ data, envelope }: Message<DataOf<typeof scaleService>>, tx: Tx): Promise<void> {
    return this.placements.change({ kind: 'service.scale', replicas: data.replicas }, data, envelope, tx);
  }

  @Handles(splitService)
  splitService({ data, envelope }: Message<DataOf<typeof splitService>>, tx: Tx): Promise<void> {
    return this.placements.change({ kind: 'service.split', policy: data.policy }, data, envelope, tx);
  }

  @Handles(startService)
  startService({ data, envelope }: Message<DataOf<typeof startService>>, tx: Tx): Promise<void> {
    return this.placements.change({ kind: 'service.start' }, data, envelope, tx);
  }

  @Handles(stopService)
  stopService({ data, envelope }: Message<DataOf<typeof stopService>>, tx: Tx): Promise<void> {
    return this.placements.change({ kind: 'service.stop' }, data, envelope, tx);
  }

  @Handles(cancelPlacementOperation)
  cancelPlacementOperation(message: Message<DataOf<typeof cancelPlacementOperation>>, tx: Tx): Promise<void> {
    return this.placements.cancel(message, tx);
  }

  @Handles(serviceState)
  serviceState({ data, envelope }: Message<DataOf<typeof serviceState>>, tx: Tx): Promise<void> {
    return data
      ? this.placements.serviceSaid(data, tx)
      : this.placements.serviceGone(envelope.subject, envelope.uid, tx);
  }
}
