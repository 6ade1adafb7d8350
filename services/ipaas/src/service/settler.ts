import { missing, problemOf } from '@berth/api';
import { releasePlacement, type Envelope, type OperationStep } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ReleaseStore } from '../release/release.store.pg.js';
import { SecretStore } from '../secret/secret.store.pg.js';
import { Announcements, shownRelease } from './announcements.js';
import { Conductor, operationIdOf } from './conductor.js';
import { rolloutDeadlineAt } from './deadlines.js';
import { OperationStore } from './operation.store.pg.js';
import type { RunningOperation, Target } from './service.js';
import { ServiceStore, type StoredService } from './service.store.pg.js';
import { settle, type OperationSettled, type Settlement, type Situation } from './settle.js';
import { mergeSteps } from './steps.js';
import { TargetStore } from './target.store.pg.js';

/** Without a release there is nothing to roll out, so this is never waited for. */
const noRolloutSeconds = 300;

/** Carries out what `settle` says, in one transaction under the lock of the service's row. Safe to repeat at any time. */
@Injectable()
export class Settler {
  constructor(
    private readonly services: ServiceStore,
    private readonly releases: ReleaseStore,
    private readonly targets: TargetStore,
    private readonly operations: OperationStore,
    private readonly secrets: SecretStore,
    private readonly conductor: Conductor,
    private readonly announcements: Announcements,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Looks at one service and does what follows. `causedBy` is the message at hand, if one is. */
  async settle(tx: Tx, uid: string, causedBy?: Envelope): Promise<void> {
    const service = await this.services.lockByUid(tx, uid);
    if (!service) return;
    const situation = await this.situationOf(tx, service);
    const settlement = settle(situation);
    for (const operation of settlement.operations) await this.applyOperation(tx, service, operation);
    for (const { release, result } of settlement.results) {
      await this.releases.setResult(tx, uid, release, result, situation.now);
      if (result === 'failed' && service.liveRelease !== null) await this.giveBack(tx, service, release);
    }
    if (settlement.dropsCandidate) await this.dropCandidate(tx, service, settlement);
    if (settlement.gone) return this.remove(tx, service, causedBy, settlement.operations.some(isTakenBack));
    await this.save(tx, situation, service, settlement, causedBy);
  }

  private async situationOf(tx: Tx, service: StoredService): Promise<Situation> {
    const { uid, targetRelease } = service;
    const target = (await this.releases.some(tx, uid, [targetRelease])).get(targetRelease ?? 0);
    return {
      service,
      targets: await this.targets.of(tx, uid),
      observed: await this.targets.observedOf(tx, uid),
      operations: await this.operations.running(tx, uid),
      rolloutSeconds: target?.spec.rolloutDeadlineSeconds ?? noRolloutSeconds,
      now: this.clock.now(),
    };
  }

  private async applyOperation(tx: Tx, service: StoredService, settled: OperationSettled): Promise<void> {
    const operation = { ...settled.operation, steps: settled.steps };
    if (settled.end) {
      await this.conductor.end(tx, service, operation, settled.end, settled.changedSteps);
      if (settled.end.state === 'succeeded' && operation.release !== null)
        await this.announceRelease(tx, service, operation);
    } else if (settled.changedSteps.length > 0) {
      await this.conductor.report(tx, service, operation, settled.changedSteps);
    }
  }

  private async announceRelease(tx: Tx, service: StoredService, operation: RunningOperation): Promise<void> {
    const releases = await this.releases.some(tx, service.uid, [operation.release]);
    const release = releases.get(operation.release ?? 0);
    if (release) await this.announcements.released(tx, service, release, operation.command);
  }

  /** A candidate that waited too long for its place: what was reserved meanwhile is given back. */
  private async dropCandidate(tx: Tx, service: StoredService, settlement: Settlement): Promise<void> {
    const number = service.candidateRelease;
    if (number === null) return;
    const { key, uid } = service;
    if (settlement.gone) await this.outbox.append(tx, releasePlacement, { key, uid }, { uid });
    else await this.giveBack(tx, service, number);
    await this.releases.drop(tx, uid, number);
  }

  /** cluster-mgr goes on counting the release that serves, and no longer the one that came to nothing. */
  private async giveBack(tx: Tx, { key, uid }: StoredService, number: number): Promise<void> {
    const release = (await this.releases.some(tx, uid, [number])).get(number);
    if (!release) return;
    await this.outbox.append(tx, releasePlacement, { key, uid, specVersion: release.specVersion }, { uid });
  }

  /**
   * The row goes, and with it releases, targets and observations; the key is free. A restart that waited has nothing to
   * wait for. The secrets of a first deploy that was taken back stay: the draft that names them is deployed again.
   */
  async remove(tx: Tx, service: StoredService, causedBy: Envelope | undefined, isTakenBack = false): Promise<void> {
    const problem = problemOf('not_found', missing('service', service.key));
    for (const operation of await this.operations.running(tx, service.uid))
      await this.conductor.end(
        tx,
        service,
        operation,
        operation.conductor === 'ipaas' ? { state: 'refused', problem } : { state: 'closed' },
      );
    await this.announcements.gone(tx, service, causedBy);
    if (service.deleting && !isTakenBack) await this.secrets.removeAll(tx, service.key);
    await this.services.remove(tx, service.uid);
  }

  private async save(
    tx: Tx,
    situation: Situation,
    service: StoredService,
    settlement: Settlement,
    causedBy: Envelope | undefined,
  ): Promise<void> {
    const { state } = settlement;
    const settled: StoredService = {
      ...service,
      liveRelease: settlement.liveRelease,
      candidateRelease: settlement.dropsCandidate ? null : service.candidateRelease,
      appliedGeneration: settlement.appliedGeneration,
      settledGeneration: settlement.settledGeneration,
      state: state.state,
      stateSince: state.state === service.state ? service.stateSince : situation.now,
      reason: state.reason,
      unreadySince: state.unreadySince,
      lastChange: lastChangeAfter(service.lastChange, settlement.operations),
      ...(settlement.begins && begunBy(settlement.begins)),
    };
    const targets = situation.targets.map((target): Target => {
      const halted = target.phase === 'run' && settlement.halted;
      return { ...target, halted, ...(settlement.begins && { restartToken: settlement.begins.id }) };
    });
    await this.targets.write(tx, service.uid, service.key, targets);
    if (settlement.begins) await this.beginRestart(tx, situation, settlement.begins);
    const shown = shownRelease(settled);
    const release = (await this.releases.some(tx, service.uid, [shown])).get(shown ?? 0) ?? null;
    const emitted = await this.announcements.state(tx, settled, state, release, causedBy ?? causeOf(settlement));
    const after = { ...settled, emitted };
    if (JSON.stringify(after) !== JSON.stringify(service)) await this.services.save(tx, after, situation.now);
    await this.services.schedule(tx, service.uid, settlement.begins ? situation.now : settlement.dueAt);
  }

  /** A restart that waited: its token is on the targets now, its clock starts. */
  private async beginRestart(tx: Tx, situation: Situation, waiting: RunningOperation): Promise<void> {
    const { service, rolloutSeconds, now } = situation;
    const begun: RunningOperation = {
      ...waiting,
      phase: 'rolling',
      steps: begunSteps(waiting.steps, now),
      restartToken: waiting.id,
      restartTokenBefore: service.restartToken,
      rolloutDeadlineAt: rolloutDeadlineAt(now, rolloutSeconds, waiting.deadlineAt),
    };
    await this.conductor.report(tx, service, begun, begun.steps);
  }
}

function isTakenBack({ operation, end }: OperationSettled): boolean {
  return end?.state === 'cancelled' && operation.cancel?.outcome === 'removed';
}

/** What it waited for has ended. */
function begunSteps(steps: readonly OperationStep[], now: Date): OperationStep[] {
  return mergeSteps(steps, [{ name: 'check', state: 'done' }], now).steps;
}

function begunBy(operation: RunningOperation): Pick<StoredService, 'restartToken' | 'lastChange'> {
  const { command, id, kind } = operation;
  return { restartToken: id, lastChange: lastChangeOf(kind, command, operation.startedAt) };
}

/** Who changed it last, for lists. A message without an actor comes from the platform itself. */
export function lastChangeOf(kind: string, command: Envelope, at: Date): NonNullable<StoredService['lastChange']> {
  const actor = command.actor ?? { id: 'system', name: 'system', channel: 'system' as const };
  return { kind, actor, at: at.toISOString(), operationId: operationIdOf(command) };
}

/** A change that came to nothing is still the last one, and says so. */
export function lastChangeAfter(
  lastChange: StoredService['lastChange'],
  settled: readonly Pick<OperationSettled, 'operation' | 'end'>[],
): StoredService['lastChange'] {
  const its = settled.find(({ operation }) => operation.id === lastChange?.operationId);
  return lastChange && its?.end?.state === 'failed' ? { ...lastChange, failed: true } : lastChange;
}

/** The state that follows from the end of an operation belongs to that operation's story. */
function causeOf(settlement: Settlement): Envelope | undefined {
  return settlement.operations.find(({ end }) => end && end.state !== 'closed')?.operation.command;
}
