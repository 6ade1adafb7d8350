import type { DataOf, Message, OperationKind, pauseService, resumeService } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { Conductor, operationIdOf, type Beginning } from './conductor.js';
import { OperationStore } from './operation.store.pg.js';
import type { Pause } from './service.js';
import { ServiceStore, type StoredService } from './service.store.pg.js';
import { lastChangeOf, Settler } from './settler.js';
import { TargetStore } from './target.store.pg.js';
import { decidePause, decideResume, type Decision } from './transition.js';

type PauseMessage = Message<DataOf<typeof pauseService>>;
type ResumeMessage = Message<DataOf<typeof resumeService>>;

/**
 * Pause and resume: whether anything is written to the clusters of a service. Both are done when they are written down:
 * the clusters' reconcilers read it with their targets.
 */
@Injectable()
export class PauseService {
  constructor(
    private readonly services: ServiceStore,
    private readonly operations: OperationStore,
    private readonly targets: TargetStore,
    private readonly conductor: Conductor,
    private readonly settler: Settler,
    private readonly clock: Clock,
  ) {}

  async pause(tx: Tx, { data, envelope }: PauseMessage): Promise<void> {
    const { actor, at } = lastChangeOf('service.pause', envelope, this.clock.now());
    const pause = { actor, at, cause: data.cause ?? null, operationId: operationIdOf(envelope) };
    await this.change(tx, { kind: 'service.pause', key: data.key, uid: data.uid, command: envelope }, pause);
  }

  async resume(tx: Tx, { data, envelope }: ResumeMessage): Promise<void> {
    await this.change(tx, { kind: 'service.resume', key: data.key, uid: data.uid, command: envelope }, null);
  }

  private async change(tx: Tx, beginning: Beginning, pause: Pause | null): Promise<void> {
    if (await this.conductor.refusesLate(tx, beginning)) return;
    const service = await this.services.lockByKey(tx, beginning.key);
    const decision = await this.decide(tx, service, beginning);
    if (decision.kind === 'refuse') return this.conductor.refuse(tx, beginning, decision.problem);
    const operation = service && (await this.conductor.begin(tx, beginning, [], {}));
    if (!operation) return;
    const now = this.clock.now();
    const lastChange = lastChangeOf(beginning.kind, beginning.command, now);
    await this.services.save(tx, { ...service, pause, lastChange }, now);
    await this.targets.wake(tx, service.uid);
    await this.conductor.end(tx, beginning, operation, { state: 'succeeded' });
    await this.settler.settle(tx, service.uid, beginning.command);
  }

  private async decide(tx: Tx, service: StoredService | null, beginning: Beginning): Promise<Decision> {
    const kind: OperationKind = beginning.kind;
    if (kind === 'service.resume') return decideResume(service, beginning);
    return decidePause(service, beginning, service ? await this.operations.running(tx, service.uid) : []);
  }
}
