import {
  observedCluster,
  readmitCluster,
  registerCluster,
  removeCluster,
  type DataOf,
  type Message,
} from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { Clusters } from './cluster.service.js';

@Controller()
export class ClusterMessages {
  constructor(private readonly clusters: Clusters) {}

  @Handles(registerCluster)
  registerCluster(message: Message<DataOf<typeof registerCluster>>, tx: Tx): Promise<void> {
    return this.clusters.register(message, tx);
  }

  @Handles(readmitCluster)
  readmitCluster(message: Message<DataOf<typeof readmitCluster>>, tx: Tx): Promise<void> {
    return this.clusters.readmit(message, tx);
  }

  @Handles(removeCluster)
  removeCluster(message: Message<DataOf<typeof removeCluster>>, tx: Tx): Promise<void> {
    return this.clusters.remove(message, tx);
  }

  @Handles(observedCluster)
  observedCluster({ data, envelope }: Message<DataOf<typeof observedCluster>>, tx: Tx): Promise<void> {
    return data ? this.clusters.observed(data, tx) : this.clusters.forgetObserved(envelope.subject, tx);
  }
}
