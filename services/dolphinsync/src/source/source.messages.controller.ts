import { removeSource, restoreSource, type DataOf, type Message } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { SourceService } from './source.service.js';

@Controller()
export class SourceMessages {
  constructor(private readonly sources: SourceService) {}

  @Handles(removeSource)
  removeSource(message: Message<DataOf<typeof removeSource>>, tx: Tx): Promise<void> {
    return this.sources.remove(tx, message);
  }

  @Handles(restoreSource)
  restoreSource(message: Message<DataOf<typeof restoreSource>>, tx: Tx): Promise<void> {
    return this.sources.restore(tx, message);
  }
}
