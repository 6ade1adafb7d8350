import {
  releasePlacement,
  type DataOf,
  type Message,
  type OperationStep,
  type deleteService,
  type restartService,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ReleaseStore } from '../release/release.store.pg.js';
import { Conductor, operationIdOf } from './conductor.js';
import { OperationStore } from './operation.store.pg.js';
import type { RunningOperation } from './service.js';
import { ServiceStore } from './service.store.pg.js';
import { lastChangeOf, Settler } from './settler.js';
import { spoken } from './step-text.js';
import { TargetStore } from './target.store.pg.js';
import { decideDelete, decideRestart } from './transition.js';

type Restart = Message<DataOf<typeof restartService>>;
type Delete = Message<DataOf<typeof deleteService>>;

/** Restart and delete: what happens to a service without a new release. */
@Injectable()
export class LifecycleService {
  constructor(
    private readonly services: ServiceStore,
    private readonly operations: OperationStore,
    private readonly releases: ReleaseStore,
    private readonly targets: TargetStore,
    private readonly conductor: Conductor,
    private readonly settler: Settler,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Every restart begins by waiting; when nothing runs, settling gives it its turn at once. */
  async restart(tx: Tx, { data, envelope }: Restart): Promise<void> {
    const beginning = { kind: 'service.restart', key: data.key, uid: data.uid, command: envelope } as const;
    if (await this.conductor.refusesLate(tx, beginning)) return;
    const service = await this.services.lockByKey(tx, data.key);
    const running = service ? await this.operations.running(tx, service.uid) : [];
    const targets = service ? await this.targets.of(tx, service.uid) : [];
    const decision = decideRestart(service, data, running, targets);
    if (decision.kind === 'refuse') return this.conductor.refuse(tx, beginning, decision.problem);
    const ahead = running.find(({ conductor }) => conductor === 'ipaas');
    if (await this.conductor.begin(tx, beginning, [checkStep(this.clock.now(), ahead)], { phase: 'waiting' }))
      await this.settler.settle(tx, data.uid, envelope);
  }

  /** Everything that runs for the service ends; each cluster is told to remove it; the row goes with the last target. */
  async delete(tx: Tx, { data, envelope }: Delete): Promise<void> {
    const beginning = { kind: 'service.delete', key: data.key, uid: data.uid, command: envelope } as const;
    if (await this.conductor.refusesLate(tx, beginning)) return;
    const service = await this.services.lockByKey(tx, data.key);
    const running = service ? await this.operations.running(tx, service.uid) : [];
    const decision = decideDelete(service, data, running);
    if (decision.kind === 'refuse' || !service)
      return decision.kind === 'refuse' ? this.conductor.refuse(tx, beginning, decision.problem) : undefined;
    const now = this.clock.now();
    if (!(await this.conductor.begin(tx, beginning, [checkStep(now)], { phase: 'removing' }))) return;
    await this.conductor.supersede(tx, service, running, { kind: 'service.delete', id: operationIdOf(envelope) });
    if (service.candidateRelease !== null) await this.releases.drop(tx, service.uid, service.candidateRelease);
    const lastChange = lastChangeOf('service.delete', envelope, now);
    await this.services.save(tx, { ...service, deleting: true, candidateRelease: null, lastChange }, now);
    const targets = await this.targets.of(tx, service.uid);
    await this.targets.write(
      tx,
      service.uid,
      service.key,
      targets.map((target) => ({ ...target, phase: 'remove' })),
    );
    const { key, uid } = service;
    const said = { causedBy: envelope, operationId: operationIdOf(envelope), uid };
    await this.outbox.append(tx, releasePlacement, { key, uid }, said);
    await this.settler.settle(tx, uid, envelope);
  }
}

/** The first step: over at once, or waiting for the operation ahead, by name. */
function checkStep(now: Date, ahead?: RunningOperation): OperationStep {
  const startedAt = now.toISOString();
  if (!ahead) return { name: 'check', state: 'done', startedAt, endedAt: startedAt };
  const fact = { code: 'waits_for', params: { kind: ahead.kind, operationId: ahead.id } };
  return { name: 'check', state: 'waiting', startedAt, fact, detail: spoken(fact) };
}
