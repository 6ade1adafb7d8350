import { missing, problemOf, routes } from '@berth/api';
import {
  serviceKey,
  type DataOf,
  type Problem,
  type deployService,
  type deleteService,
  type pauseService,
  type restartService,
  type resumeService,
  type rollbackService,
  type upgradeService,
} from '@berth/contracts';
import { ProblemError } from '@berth/platform/errors';
import type { ServedInput } from '@berth/platform/http';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ImageService } from '../image/image.service.js';
import { ProjectService } from '../project/project.service.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { whyNoRollback } from '../release/rollback.js';
import { SecretService } from '../secret/secret.service.js';
import { whyNothingToUpgrade } from '../release/upgrade.js';
import { OperationStore } from './operation.store.pg.js';
import { ServiceStore, type StoredService } from './service.store.pg.js';
import { TargetStore } from './target.store.pg.js';
import { decideDeploy, decidePause, decideRestart, decideResume, type Decision } from './transition.js';

/**
 * What can be refused is refused here, before a command is accepted, so that no operation is made of it. The handlers ask
 * the same rules again, because the world may change in between.
 */
@Injectable()
export class PreflightService {
  constructor(
    private readonly database: Database,
    private readonly services: ServiceStore,
    private readonly releases: ReleaseStore,
    private readonly targets: TargetStore,
    private readonly operations: OperationStore,
    private readonly projects: ProjectService,
    private readonly secrets: SecretService,
    private readonly images: ImageService,
  ) {}

  async deploy({ params, body }: ServedInput<typeof routes.deployService>): Promise<DataOf<typeof deployService>> {
    const { code, name, spec, replicas, policy, cause } = body;
    const scope = { ...params, service: code };
    const key = serviceKey(scope);
    throwIf(await this.projects.whyNotDeployable(this.database, scope));
    const decision = decideDeploy(await this.services.byKey(this.database, key));
    throwIfRefused(decision);
    throwIf(await this.secrets.whyNotUsable(this.database, key, spec));
    const image = await this.images.resolve(params, spec);
    return { key, uid: randomUUID(), name, spec, image, replicas, policy, ...(cause && { cause }) };
  }

  async upgrade(input: ServedInput<typeof routes.upgradeService>): Promise<DataOf<typeof upgradeService>> {
    const { spec, cause } = input.body;
    const service = await this.existing(input.params);
    throwIf(service.pause ? problemOf('service_paused') : null);
    const ifVersion = currentVersion(service, input.ifVersion);
    throwIf(await this.secrets.whyNotUsable(this.database, service.key, spec));
    const image = await this.images.resolve(input.params, spec);
    const { liveRelease } = service;
    const live = (await this.releases.some(this.database, service.uid, [liveRelease])).get(liveRelease ?? 0);
    throwIf(whyNothingToUpgrade(service, live ?? null, { spec, image }));
    return { key: service.key, uid: service.uid, ifVersion, spec, image, ...(cause && { cause }) };
  }

  async rollback(input: ServedInput<typeof routes.rollbackService>): Promise<DataOf<typeof rollbackService>> {
    const { toRelease, cause } = input.body;
    const service = await this.existing(input.params);
    throwIf(service.pause ? problemOf('service_paused') : null);
    const ifVersion = currentVersion(service, input.ifVersion);
    const release = (await this.releases.some(this.database, service.uid, [toRelease])).get(toRelease) ?? null;
    throwIf(whyNoRollback(service, toRelease, release));
    if (release && (await this.images.isGone(input.params, release.image, release.spec.registryCredential)))
      throwIf(problemOf('image_gone', { release: toRelease }));
    return { key: service.key, uid: service.uid, ifVersion, toRelease, ...(cause && { cause }) };
  }

  async restart({ params, body }: ServedInput<typeof routes.restartService>): Promise<DataOf<typeof restartService>> {
    const service = await this.existing(params);
    const running = await this.operations.running(this.database, service.uid);
    const targets = await this.targets.of(this.database, service.uid);
    const decision = decideRestart(service, service, running, targets);
    throwIfRefused(decision);
    return { key: service.key, uid: service.uid, ...(body.cause && { cause: body.cause }) };
  }

  async pause({ params, body }: ServedInput<typeof routes.pauseService>): Promise<DataOf<typeof pauseService>> {
    const service = await this.existing(params);
    throwIfRefused(decidePause(service, service, await this.operations.running(this.database, service.uid)));
    return { key: service.key, uid: service.uid, ...(body.cause && { cause: body.cause }) };
  }

  async resume({ params, body }: ServedInput<typeof routes.resumeService>): Promise<DataOf<typeof resumeService>> {
    const service = await this.existing(params);
    throwIfRefused(decideResume(service, service));
    return { key: service.key, uid: service.uid, ...(body.cause && { cause: body.cause }) };
  }

  async delete({ params, query }: ServedInput<typeof routes.deleteService>): Promise<DataOf<typeof deleteService>> {
    const service = await this.existing(params);
    return { key: service.key, uid: service.uid, ...(query.cause && { cause: query.cause }) };
  }

  /** For the form: is the code free, does the CMDB know it, and what would speak against a deploy. */
  async checkName({ params }: ServedInput<typeof routes.checkName>) {
    const decision = decideDeploy(await this.services.byKey(this.database, serviceKey(params)));
    const taken = decision.kind === 'refuse' ? decision.problem : null;
    const registered = await this.projects.isRegistered(this.database, params.project, params.service);
    const problem = taken ?? (await this.projects.whyNotDeployable(this.database, params));
    return { free: taken === null, registered, problem };
  }

  private async existing(params: ServedInput<typeof routes.getService>['params']): Promise<StoredService> {
    const key = serviceKey(params);
    const service = await this.services.byKey(this.database, key);
    if (!service) throw new ProblemError(problemOf('not_found', missing('service', key)));
    throwIf(service.deleting ? problemOf('service_deleting') : null);
    return service;
  }
}

function throwIf(problem: Problem | null): void {
  if (problem) throw new ProblemError(problem);
}

function throwIfRefused(decision: Decision): void {
  throwIf(decision.kind === 'refuse' ? decision.problem : null);
}

/** @throws ProblemError when the caller saw another version, or none. */
function currentVersion({ specVersion }: StoredService, seen: number | null | undefined): number {
  if (seen === null || seen === undefined) throw new ProblemError(problemOf('if_match_required'));
  if (seen !== specVersion) throw new ProblemError(problemOf('stale_version', { seen, current: specVersion }));
  return seen;
}
