import {
  parseServiceKey,
  placeService,
  type DataOf,
  type Envelope,
  type Message,
  type OperationStep,
  type Problem,
  type ResolvedImage,
  type ServiceSpec,
  type deployService,
  type rollbackService,
  type upgradeService,
} from '@berth/contracts';
import { problemOf } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ProjectService } from '../project/project.service.js';
import { ReleaseMaker } from '../release/release-maker.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { imageVersionOf, type ReleaseKind } from '../release/release.js';
import { whyNoRollback } from '../release/rollback.js';
import { RegistryCredentialService } from '../registry-credential/registry-credential.service.js';
import { SecretService } from '../secret/secret.service.js';
import { shownRelease } from './announcements.js';
import { Conductor, type Beginning } from './conductor.js';
import { OperationStore } from './operation.store.pg.js';
import type { RunningOperation } from './service.js';
import { ServiceStore, type StoredService } from './service.store.pg.js';
import { lastChangeOf, Settler } from './settler.js';
import { decideChange, decideDeploy } from './transition.js';

type Deploy = Message<DataOf<typeof deployService>>;
type Upgrade = Message<DataOf<typeof upgradeService>>;
type Rollback = Message<DataOf<typeof rollbackService>>;

/** What a new release is made of. */
interface Content {
  readonly kind: ReleaseKind;
  readonly fromRelease: number | null;
  readonly spec: ServiceSpec;
  readonly image: ResolvedImage;
  readonly cause: string | null;
}

/** A service that may be changed now, and what the change takes the place of: nothing of it was made yet. */
interface Changeable {
  readonly service: StoredService;
  readonly supersedes: readonly RunningOperation[];
}

/** Deploy, upgrade and rollback: each freezes a release, makes it the candidate and asks cluster-mgr for its place. */
@Injectable()
export class ChangeService {
  constructor(
    private readonly services: ServiceStore,
    private readonly operations: OperationStore,
    private readonly releases: ReleaseStore,
    private readonly maker: ReleaseMaker,
    private readonly secrets: SecretService,
    private readonly credentials: RegistryCredentialService,
    private readonly projects: ProjectService,
    private readonly conductor: Conductor,
    private readonly settler: Settler,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async deploy(tx: Tx, { data, envelope }: Deploy): Promise<void> {
    const beginning = beginningOf('service.deploy', data, envelope, data.spec);
    if (await this.conductor.refusesLate(tx, beginning)) return;
    const decision = decideDeploy(await this.services.lockByKey(tx, data.key));
    if (decision.kind === 'refuse') return this.conductor.refuse(tx, beginning, decision.problem);
    const problem =
      (await this.projects.whyNotDeployable(tx, parseServiceKey(data.key))) ??
      (await this.whyNotUsable(tx, data.key, data.spec));
    if (problem) return this.conductor.refuse(tx, beginning, problem);
    const service = this.newService(data, envelope);
    if (!(await this.services.insert(tx, service, this.clock.now()))) {
      const { service: code, project, environment } = parseServiceKey(data.key);
      const scope = `${project}/${environment}`;
      return this.conductor.refuse(tx, beginning, problemOf('name_taken', { service: code, scope }));
    }
    const { spec, image, cause = null } = data;
    await this.makeCandidate(tx, { service, supersedes: [] }, beginning, {
      kind: 'deploy',
      fromRelease: null,
      spec,
      image,
      cause,
    });
  }

  async upgrade(tx: Tx, { data, envelope }: Upgrade): Promise<void> {
    const beginning = beginningOf('service.upgrade', data, envelope, data.spec);
    const changeable = await this.changeable(tx, beginning, data);
    if (!changeable) return;
    const problem = await this.whyNotUsable(tx, data.key, data.spec);
    if (problem) return this.conductor.refuse(tx, beginning, problem);
    const { spec, image, cause = null } = data;
    await this.makeCandidate(tx, changeable, beginning, { kind: 'upgrade', fromRelease: null, spec, image, cause });
  }

  async rollback(tx: Tx, { data, envelope }: Rollback): Promise<void> {
    const beginning = beginningOf('service.rollback', data, envelope);
    const changeable = await this.changeable(tx, beginning, data);
    if (!changeable) return;
    const { service } = changeable;
    const release = (await this.releases.some(tx, service.uid, [data.toRelease])).get(data.toRelease) ?? null;
    const problem =
      whyNoRollback(service, data.toRelease, release) ??
      (release && (await this.credentials.whyNotUsable(tx, parseServiceKey(data.key), release.spec)));
    if (problem || !release) return this.conductor.refuse(tx, beginning, problem ?? problemOf('internal'));
    const { spec, image } = release;
    const content = { spec, image, fromRelease: release.number, cause: data.cause ?? null };
    await this.makeCandidate(tx, changeable, beginning, { kind: 'rollback', ...content });
  }

  /** What the spec refers to must be there when the release is made, whatever was so at the preflight. */
  private async whyNotUsable(tx: Tx, key: string, spec: ServiceSpec): Promise<Problem | null> {
    return (
      (await this.secrets.whyNotUsable(tx, key, spec)) ??
      (await this.credentials.whyNotUsable(tx, parseServiceKey(key), spec))
    );
  }

  /** The service, locked, when it may be changed now; else the operation has ended. */
  private async changeable(
    tx: Tx,
    beginning: Beginning,
    data: { readonly key: string; readonly uid: string; readonly ifVersion: number },
  ): Promise<Changeable | null> {
    if (await this.conductor.refusesLate(tx, beginning)) return null;
    const service = await this.services.lockByKey(tx, data.key);
    const running = service ? await this.operations.running(tx, service.uid) : [];
    const decision = decideChange(service, data, running);
    if (decision.kind === 'go' && service)
      return { service, supersedes: running.filter(({ id }) => decision.supersedes.includes(id)) };
    if (decision.kind === 'refuse') await this.conductor.refuse(tx, beginning, decision.problem);
    return null;
  }

  /** Needs the lock of the service's row, and that nothing speaks against the change any more. */
  private async makeCandidate(
    tx: Tx,
    { service, supersedes }: Changeable,
    beginning: Beginning,
    content: Content,
  ): Promise<void> {
    const now = this.clock.now();
    const isFirst = content.kind === 'deploy';
    const operation = await this.conductor.begin(tx, beginning, checkedSteps(now), { phase: 'placing' });
    if (!operation) return;
    await this.conductor.supersede(tx, service, supersedes, operation);
    if (service.candidateRelease !== null) await this.releases.drop(tx, service.uid, service.candidateRelease);
    const specVersion = isFirst ? service.specVersion : service.specVersion + 1;
    const number = await this.maker.make(tx, service.key, service.name, {
      ...content,
      serviceUid: service.uid,
      specVersion,
      actor: lastChangeOf(beginning.kind, beginning.command, now).actor,
      operationId: operation.id,
      createdAt: now,
    });
    await this.operations.save(tx, { ...operation, release: number });
    const before = shownRelease(service);
    const live = (await this.releases.some(tx, service.uid, [before])).get(before ?? 0);
    const to = { release: number, image: imageVersionOf(content.image) };
    const from = live && { release: live.number, image: imageVersionOf(live.image) };
    await this.conductor.tellEffect(tx, service, operation, { to, ...(!isFirst && from && { from }) });
    await this.services.save(tx, { ...service, specVersion, candidateRelease: number }, now);
    const { key, uid } = service;
    const initial = service.generation === 0 ? { initial: service.initial } : {};
    const place = { key, uid, specVersion, size: content.spec.size, ...initial };
    await this.outbox.append(tx, placeService, place, { causedBy: beginning.command, operationId: operation.id, uid });
    await this.settler.settle(tx, uid, beginning.command);
  }

  private newService(data: Deploy['data'], envelope: Envelope): StoredService {
    const now = this.clock.now();
    const { service: code, project, environment } = parseServiceKey(data.key);
    return {
      uid: data.uid,
      key: data.key,
      project,
      environment,
      code,
      name: data.name,
      specVersion: 1,
      liveRelease: null,
      targetRelease: null,
      candidateRelease: null,
      restartToken: null,
      generation: 0,
      appliedGeneration: 0,
      settledGeneration: 0,
      initial: { replicas: data.replicas, policy: data.policy },
      placement: null,
      deleting: false,
      pause: null,
      state: 'deploying',
      stateSince: now,
      reason: null,
      unreadySince: null,
      lastChange: lastChangeOf('service.deploy', envelope, now),
      emitted: null,
      createdAt: now,
    };
  }
}

function beginningOf(
  kind: Beginning['kind'],
  { key, uid }: { readonly key: string; readonly uid: string },
  command: Envelope,
  spec?: ServiceSpec,
): Beginning {
  return { kind, key, uid, command, ...(spec && { rolloutSeconds: spec.rolloutDeadlineSeconds }) };
}

/** Check and record are over within the same transaction; the place is asked for. */
function checkedSteps(now: Date): OperationStep[] {
  const at = now.toISOString();
  return [
    { name: 'check', state: 'done', startedAt: at, endedAt: at },
    { name: 'record_release', state: 'done', startedAt: at, endedAt: at },
    { name: 'split_replicas', state: 'running', startedAt: at },
  ];
}
