import { CONFIG } from '@berth/platform/bootstrap';
import { Leases } from '@berth/platform/lease';
import { Logger } from '@berth/platform/log';
import { Outbox } from '@berth/platform/outbox';
import { Database } from '@berth/platform/postgres';
import { Module } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { KeptLogStore } from '../container/kept-log.store.pg.js';
import { TargetModule } from '../service/target.module.js';
import { TargetStore } from '../service/target.store.pg.js';
import { RegistrySecretSource } from '../workload/registry-secrets.js';
import { SecretOpener } from '../workload/secret-opener.js';
import { WorkloadModule } from '../workload/workload.module.js';
import { ClusterClients, ClusterDialer } from './cluster-clients.js';
import { ClusterHttp } from './cluster.http.controller.js';
import { ClusterService } from './cluster.service.js';
import { ClusterStore } from './cluster.store.pg.js';
import { ClusterSupervisor } from './cluster-supervisor.js';
import { ObservationStore } from './observation.store.pg.js';

/** Workload clusters: credentials, watches, and the work of bringing each to its targets. */
@Module({
  imports: [TargetModule, WorkloadModule],
  controllers: [ClusterHttp],
  providers: [
    ClusterStore,
    ClusterDialer,
    ClusterClients,
    ClusterService,
    ObservationStore,
    KeptLogStore,
    {
      provide: ClusterSupervisor,
      inject: [
        Leases,
        CONFIG,
        Database,
        Outbox,
        ClusterStore,
        ClusterClients,
        ObservationStore,
        KeptLogStore,
        TargetStore,
        SecretOpener,
        RegistrySecretSource,
        Logger,
      ],
      useFactory: (
        leases: Leases,
        config: IpaasConfig,
        database: Database,
        outbox: Outbox,
        clusters: ClusterStore,
        clients: ClusterClients,
        observations: ObservationStore,
        keptLogs: KeptLogStore,
        targets: TargetStore,
        secrets: SecretOpener,
        registrySecrets: RegistrySecretSource,
        log: Logger,
      ) =>
        new ClusterSupervisor(leases, {
          installationId: config.BERTH_INSTALLATION_ID,
          database,
          outbox,
          clusters,
          clients,
          observations,
          keptLogs,
          targets,
          secrets,
          registrySecrets,
          log,
        }),
    },
  ],
  exports: [ClusterService, ClusterClients, ClusterStore, KeptLogStore],
})
export class ClusterModule {}
