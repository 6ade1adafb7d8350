import { Module } from '@nestjs/common';
import { ProjectService } from './project.service.js';
import { ProjectStore } from './project.store.pg.js';

/** The projection of the CMDB: which projects and catalogue services there are. */
@Module({ providers: [ProjectStore, ProjectService], exports: [ProjectStore, ProjectService] })
export class ProjectModule {}
