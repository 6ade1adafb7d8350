import {
  cancelServiceOperation,
  deleteService,
  deployService,
  pauseService,
  placed,
  restartService,
  resumeService,
  rollbackService,
  unplaceable,
  upgradeService,
  type DataOf,
  type Message,
} from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { CancelService } from './cancel.service.js';
import { ChangeService } from './change.service.js';
import { LifecycleService } from './lifecycle.service.js';
import { PauseService } from './pause.service.js';
import { PlacementService } from './placement.service.js';

@Controller()
export class ServiceMessages {
  constructor(
    private readonly changes: ChangeService,
    private readonly lifecycle: LifecycleService,
    private readonly pauses: PauseService,
    private readonly cancels: CancelService,
    private readonly placements: PlacementService,
  ) {}

  @Handles(deployService)
  deployService(message: Message<DataOf<typeof deployService>>, tx: Tx): Promise<void> {
    return this.changes.deploy(tx, message);
  }

  @Handles(upgradeService)
  upgradeService(message: Message<DataOf<typeof upgradeService>>, tx: Tx): Promise<void> {
    return this.changes.upgrade(tx, message);
  }

  @Handles(rollbackService)
  rollbackService(message: Message<DataOf<typeof rollbackService>>, tx: Tx): Promise<void> {
    return this.changes.rollback(tx, message);
  }

  @Handles(restartService)
  restartService(message: Message<DataOf<typeof restartService>>, tx: Tx): Promise<void> {
    return this.lifecycle.restart(tx, message);
  }

  @Handles(pauseService)
  pauseService(message: Message<DataOf<typeof pauseService>>, tx: Tx): Promise<void> {
    return this.pauses.pause(tx, message);
  }

  @Handles(resumeService)
  resumeService(message: Message<DataOf<typeof resumeService>>, tx: Tx): Promise<void> {
    return this.pauses.resume(tx, message);
  }

  @Handles(deleteService)
  deleteService(message: Message<DataOf<typeof deleteService>>, tx: Tx): Promise<void> {
    return this.lifecycle.delete(tx, message);
  }

  @Handles(cancelServiceOperation)
  cancelServiceOperation(message: Message<DataOf<typeof cancelServiceOperation>>, tx: Tx): Promise<void> {
    return this.cancels.cancel(tx, message);
  }

  @Handles(placed)
  placed(message: Message<DataOf<typeof placed>>, tx: Tx): Promise<void> {
    return this.placements.placed(tx, message);
  }

  @Handles(unplaceable)
  unplaceable(message: Message<DataOf<typeof unplaceable>>, tx: Tx): Promise<void> {
    return this.placements.unplaceable(tx, message);
  }
}
