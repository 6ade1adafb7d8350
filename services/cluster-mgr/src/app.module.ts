import { messageControllers } from '@berth/platform/bus';
import { CONFIG } from '@berth/platform/bootstrap';
import { Module } from '@nestjs/common';
import { ClusterHttp } from './cluster/cluster.http.controller.js';
import { ClusterMessages } from './cluster/cluster.messages.controller.js';
import { ClusterReader } from './cluster/cluster.reader.js';
import { Clusters, joinDeadlineMs } from './cluster/cluster.service.js';
import { ProbeLoop, probeTimes, type ProbeTimes } from './cluster/probe-loop.js';
import type { ClusterMgrConfig } from './config.js';
import { DeadlineSweep } from './operation/deadline-sweep.js';
import { environmentClusters } from './placement/environments.js';
import { Operations } from './operation/operations.js';
import { PlacementHttp } from './placement/placement.http.controller.js';
import { PlacementMessages } from './placement/placement.messages.controller.js';
import { PlacementReader } from './placement/placement.reader.js';
import { Placements } from './placement/placement.service.js';

/** One module: clusters, placements and their operations decide in the same transactions. */
@Module({
  controllers: [ClusterHttp, PlacementHttp, ...messageControllers<'cluster-mgr'>()(ClusterMessages, PlacementMessages)],
  providers: [
    Operations,
    DeadlineSweep,
    Clusters,
    ClusterReader,
    ProbeLoop,
    Placements,
    PlacementReader,
    {
      provide: joinDeadlineMs,
      inject: [CONFIG],
      useFactory: (config: ClusterMgrConfig) => config.BERTH_JOIN_DEADLINE_MS,
    },
    {
      provide: environmentClusters,
      inject: [CONFIG],
      useFactory: (config: ClusterMgrConfig) => config.BERTH_ENVIRONMENT_CLUSTERS,
    },
    {
      provide: probeTimes,
      inject: [CONFIG],
      useFactory: (config: ClusterMgrConfig): ProbeTimes => ({
        everyMs: config.BERTH_PROBE_EVERY_MS,
        timeoutMs: config.BERTH_PROBE_TIMEOUT_MS,
      }),
    },
  ],
})
export class AppModule {}
