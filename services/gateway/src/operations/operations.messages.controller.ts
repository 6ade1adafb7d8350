import { catalogue, type HandlersFor, type Message, type OperationChange } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller, Inject } from '@nestjs/common';
import { OperationService } from './operations.service.js';

type Heard = 'ipaasOperationChanged' | 'clusterMgrOperationChanged' | 'dolphinsyncOperationChanged';

/** What the conductors say of their operations. */
@Controller()
export class OperationMessages implements Pick<HandlersFor<'gateway', Tx>, Heard> {
  constructor(@Inject(OperationService) private readonly operations: OperationService) {}

  @Handles(catalogue.ipaasOperationChanged)
  ipaasOperationChanged(message: Message<OperationChange>, tx: Tx): Promise<void> {
    return this.changed(message, tx);
  }

  @Handles(catalogue.clusterMgrOperationChanged)
  clusterMgrOperationChanged(message: Message<OperationChange>, tx: Tx): Promise<void> {
    return this.changed(message, tx);
  }

  @Handles(catalogue.dolphinsyncOperationChanged)
  dolphinsyncOperationChanged(message: Message<OperationChange>, tx: Tx): Promise<void> {
    return this.changed(message, tx);
  }

  private changed({ envelope, data }: Message<OperationChange>, tx: Tx): Promise<void> {
    const { source, time, correlationId, actor, sequence } = envelope;
    return this.operations.changed(tx, data, { source, at: new Date(time), correlationId, actor }, sequence);
  }
}
