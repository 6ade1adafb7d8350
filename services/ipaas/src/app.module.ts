import { messageControllers } from '@berth/platform/bus';
import { Module } from '@nestjs/common';
import { ClusterMessages } from './cluster/cluster.messages.controller.js';
import { ClusterModule } from './cluster/cluster.module.js';
import { CmdbRecordModule } from './cmdb-record/cmdb-record.module.js';
import { ContainerModule } from './container/container.module.js';
import { ImageModule } from './image/image.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ProjectMessages } from './project/project.messages.controller.js';
import { ProjectModule } from './project/project.module.js';
import { RegistryCredentialModule } from './registry-credential/registry-credential.module.js';
import { SecretModule } from './secret/secret.module.js';
import { ServiceMessages } from './service/service.messages.controller.js';
import { ServiceModule } from './service/service.module.js';
import { TopologyModule } from './topology/topology.module.js';
import { TryModule } from './try/try.module.js';
import { WhyModule } from './why/why.module.js';
import { WorkloadModule } from './workload/workload.module.js';

@Module({
  imports: [
    ProjectModule,
    SecretModule,
    RegistryCredentialModule,
    ImageModule,
    ServiceModule,
    ClusterModule,
    WorkloadModule,
    ContainerModule,
    WhyModule,
    TryModule,
    MetricsModule,
    TopologyModule,
    CmdbRecordModule,
  ],
  controllers: messageControllers<'ipaas'>()(ServiceMessages, ProjectMessages, ClusterMessages),
})
export class AppModule {}
