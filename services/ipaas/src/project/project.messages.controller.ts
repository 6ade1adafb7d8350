import { catalogServiceState, projectState, type DataOf, type Message } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { ProjectStore } from './project.store.pg.js';

/** Keeps the projection of dolphinsync's state streams. A tombstone takes a row away; a retired one stays. */
@Controller()
export class ProjectMessages {
  constructor(private readonly store: ProjectStore) {}

  @Handles(projectState)
  async projectState({ data, envelope }: Message<DataOf<typeof projectState>>, tx: Tx): Promise<void> {
    await (data ? this.store.save(tx, data) : this.store.remove(tx, envelope.subject));
  }

  @Handles(catalogServiceState)
  async catalogServiceState({ data, envelope }: Message<DataOf<typeof catalogServiceState>>, tx: Tx): Promise<void> {
    await (data ? this.store.saveService(tx, data) : this.store.removeService(tx, envelope.subject));
  }
}
