import { releasePlacement, type cancelServiceOperation, type DataOf, type Message } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ReleaseStore } from '../release/release.store.pg.js';
import { cancelledProblem, decideCancel, wayBack } from './cancel.js';
import { Conductor } from './conductor.js';
import { OperationStore } from './operation.store.pg.js';
import type { Cancel, RunningOperation } from './service.js';
import { ServiceStore, type StoredService } from './service.store.pg.js';
import { lastChangeOf, Settler } from './settler.js';
import { closeSteps } from './steps.js';
import { TargetStore } from './target.store.pg.js';

type CancelMessage = Message<DataOf<typeof cancelServiceOperation>>;

/** Cancels what ipaas conducts. The lock of the service's row decides whether it came before the end or after. */
@Injectable()
export class CancelService {
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

  async cancel(tx: Tx, { data, envelope }: CancelMessage): Promise<void> {
    const service = await this.services.lockByKey(tx, data.key);
    const running = service ? await this.operations.running(tx, service.uid) : [];
    const operation = running.find(({ id, conductor }) => id === data.operationId && conductor === 'ipaas');
    const endState = await this.operations.endStateOf(tx, data.operationId);
    const decision = decideCancel(service, operation, { ...data, endState });
    if (decision.kind === 'refuse') return this.conductor.refuseCancel(tx, envelope, data, decision.problem);
    if (decision.kind === 'again' || !service || !operation) return;
    const { actor } = lastChangeOf(operation.kind, envelope, this.clock.now());
    const cancel: Cancel = { actor, cause: data.cause ?? null, outcome: decision.outcome };
    const cancelled: RunningOperation = { ...operation, cancel };
    if (cancel.outcome === 'nothing_made') return this.drop(tx, service, cancelled, cancel);
    await this.goBack(tx, service, cancelled, cancel);
  }

  /** It had not reached a cluster: it ends at once, and a first deploy leaves no service behind. */
  private async drop(tx: Tx, service: StoredService, operation: RunningOperation, cancel: Cancel): Promise<void> {
    const now = this.clock.now();
    const closed = closeSteps(operation.steps, 'failed', now);
    const targets = await this.targets.of(tx, service.uid);
    const observed = await this.targets.observedOf(tx, service.uid);
    const problem = cancelledProblem(cancel, { service, targets, observed });
    const ended = { ...operation, steps: closed.steps };
    await this.conductor.end(tx, service, ended, { state: 'cancelled', problem }, closed.changed);
    const number = operation.release;
    if (operation.phase !== 'placing' || number === null) return this.settler.settle(tx, service.uid);
    const isFirst = service.targetRelease === null;
    await this.giveBack(tx, service, isFirst ? null : number);
    await this.releases.drop(tx, service.uid, number);
    const after = { ...service, candidateRelease: null };
    if (isFirst) return this.settler.remove(tx, after, operation.command, true);
    await this.services.save(tx, after, now);
    await this.settler.settle(tx, service.uid, operation.command);
  }

  /** The clusters are told to go back; it ends when they have. */
  private async goBack(tx: Tx, service: StoredService, operation: RunningOperation, cancel: Cancel): Promise<void> {
    const now = this.clock.now();
    const { outcome } = cancel;
    const back = wayBack(service, await this.targets.of(tx, service.uid), operation, outcome);
    await this.services.save(tx, { ...service, ...back.service }, now);
    await this.targets.write(tx, service.uid, service.key, back.targets);
    const { release } = operation;
    if (outcome === 'removed') await this.giveBack(tx, service, null);
    else if (release !== null) {
      await this.releases.setResult(tx, service.uid, release, 'unfinished', now);
      if (outcome === 'back') await this.giveBack(tx, service, release);
    }
    const closed = closeSteps(operation.steps, 'failed', now);
    const cancelling = { ...operation, phase: 'cancelling' as const, steps: closed.steps };
    await this.conductor.report(tx, service, cancelling, closed.changed);
    await this.settler.settle(tx, service.uid, operation.command);
  }

  /** cluster-mgr no longer counts the release, or the whole service. */
  private async giveBack(tx: Tx, { key, uid }: StoredService, number: number | null): Promise<void> {
    const release = number === null ? undefined : (await this.releases.some(tx, uid, [number])).get(number);
    if (number !== null && !release) return;
    const specVersion = release ? { specVersion: release.specVersion } : {};
    await this.outbox.append(tx, releasePlacement, { key, uid, ...specVersion }, { uid });
  }
}
