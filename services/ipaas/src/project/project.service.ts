import type { Problem } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { whyNotDeployable } from './project.js';
import { ProjectStore } from './project.store.pg.js';

/** Asks what the CMDB said about a place where something is to be deployed. */
@Injectable()
export class ProjectService {
  constructor(private readonly store: ProjectStore) {}

  /** Why nothing new may be deployed there, or null. */
  async whyNotDeployable(
    tx: Pick<Tx, 'query'>,
    where: { readonly project: string; readonly service: string },
  ): Promise<Problem | null> {
    const project = await this.store.project(tx, where.project);
    const isRegistered = await this.store.isRegistered(tx, where.project, where.service);
    return whyNotDeployable(project, { ...where, isRegistered });
  }

  async isRegistered(tx: Pick<Tx, 'query'>, project: string, code: string): Promise<boolean> {
    return this.store.isRegistered(tx, project, code);
  }
}
