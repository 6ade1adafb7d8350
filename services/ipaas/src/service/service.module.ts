import { Module } from '@nestjs/common';
import { ImageModule } from '../image/image.module.js';
import { ProjectModule } from '../project/project.module.js';
import { ReleaseMaker } from '../release/release-maker.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { RegistryCredentialModule } from '../registry-credential/registry-credential.module.js';
import { SecretModule } from '../secret/secret.module.js';
import { CauseModule } from '../why/cause.module.js';
import { Announcements } from './announcements.js';
import { CancelService } from './cancel.service.js';
import { ChangeService } from './change.service.js';
import { Conductor } from './conductor.js';
import { LifecycleService } from './lifecycle.service.js';
import { OperationPruning } from './operation-pruning.js';
import { OperationStore } from './operation.store.pg.js';
import { PauseService } from './pause.service.js';
import { PlacementService } from './placement.service.js';
import { PreflightService } from './preflight.service.js';
import { ServiceDetailStore } from './service-detail.store.pg.js';
import { ServiceListStore } from './service-list.store.pg.js';
import { ServiceReadService } from './service-read.service.js';
import { ServiceHttp } from './service.http.controller.js';
import { ServiceStore } from './service.store.pg.js';
import { SettleLoop } from './settle.loop.js';
import { Settler } from './settler.js';
import { TargetModule } from './target.module.js';

/** Services and their releases: what was asked for, what is so, and the operations between the two. */
@Module({
  imports: [CauseModule, ImageModule, ProjectModule, RegistryCredentialModule, SecretModule, TargetModule],
  controllers: [ServiceHttp],
  providers: [
    ServiceStore,
    ServiceListStore,
    ServiceDetailStore,
    ReleaseStore,
    OperationStore,
    OperationPruning,
    ReleaseMaker,
    Announcements,
    Conductor,
    Settler,
    SettleLoop,
    ChangeService,
    LifecycleService,
    CancelService,
    PauseService,
    PlacementService,
    ServiceReadService,
    PreflightService,
  ],
  exports: [CancelService, ChangeService, LifecycleService, PauseService, PlacementService],
})
export class ServiceModule {}
