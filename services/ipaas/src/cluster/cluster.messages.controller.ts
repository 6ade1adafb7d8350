import { clusterState, type ClusterStateData, type Message } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { ClusterService } from './cluster.service.js';

@Controller()
export class ClusterMessages {
  constructor(private readonly clusters: ClusterService) {}

  @Handles(clusterState)
  clusterState({ envelope, data }: Message<ClusterStateData | null>, tx: Tx): Promise<void> {
    return this.clusters.changed(envelope.subject, data, tx);
  }
}
