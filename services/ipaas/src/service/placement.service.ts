import {
  isSamePolicy,
  type DataOf,
  type Envelope,
  type Message,
  type OperationKind,
  type PlacedData,
  type placed,
  type unplaceable,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Logger } from '@berth/platform/log';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { Announcements } from './announcements.js';
import { Conductor } from './conductor.js';
import { rolloutDeadlineAt } from './deadlines.js';
import { capacityProblem } from './capacity-problem.js';
import { OperationStore } from './operation.store.pg.js';
import type { Placement, RunningOperation, Target } from './service.js';
import { ServiceStore, type StoredService } from './service.store.pg.js';
import { lastChangeOf, Settler } from './settler.js';
import { mergeSteps } from './steps.js';
import { TargetStore } from './target.store.pg.js';
import { decidePlaced, targetsAfter } from './transition.js';

type Placed = Message<DataOf<typeof placed>>;
type Unplaceable = Message<DataOf<typeof unplaceable>>;

/** Answers of cluster-mgr: a candidate got its place or none, or a service that runs was scaled, started, stopped or moved. */
@Injectable()
export class PlacementService {
  constructor(
    private readonly services: ServiceStore,
    private readonly operations: OperationStore,
    private readonly releases: ReleaseStore,
    private readonly targets: TargetStore,
    private readonly conductor: Conductor,
    private readonly announcements: Announcements,
    private readonly settler: Settler,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async placed(tx: Tx, { data, envelope }: Placed): Promise<void> {
    const service = await this.services.lockByKey(tx, data.key);
    const candidate = await this.candidateOf(tx, service);
    const running = service ? await this.operations.running(tx, service.uid) : [];
    const decision = decidePlaced(service, data, candidate?.specVersion ?? null, running);
    if (decision.kind === 'ignore' || !service)
      return this.log.info('A placement was not applied', {
        key: data.key,
        generation: data.generation,
        why: decision.kind === 'ignore' ? decision.why : 'no such service',
      });
    if (decision.kind === 'adjust') return this.adjust(tx, service, data, envelope, running);
    const superseded = running.filter(({ id }) => decision.supersedes.includes(id));
    await this.promote(tx, service, data, running, superseded, candidate);
  }

  /** The candidate becomes what the clusters are told to run; a roll-out that is on its way gives way. */
  private async promote(
    tx: Tx,
    service: StoredService,
    data: PlacedData,
    running: readonly RunningOperation[],
    superseded: readonly RunningOperation[],
    release: Release | undefined,
  ): Promise<void> {
    if (!release) throw new TypeError(`the candidate of ${service.key} has no release row`);
    const now = this.clock.now();
    const operation = running.find(({ phase, release: number }) => phase === 'placing' && number === release.number);
    const by = { kind: operation?.kind ?? ('service.upgrade' as const), id: operation?.id ?? null };
    await this.conductor.supersede(tx, service, superseded, by);
    for (const { release: number } of superseded)
      if (number !== null) await this.releases.setResult(tx, service.uid, number, 'unfinished', now);
    const lastChange = operation ? lastChangeOf(operation.kind, operation.command, now) : service.lastChange;
    const place = { placement: placementOf(data), generation: data.generation, targetRelease: release.number };
    await this.services.save(tx, { ...service, ...place, candidateRelease: null, lastChange }, now);
    await this.writeTargets(tx, service, data, release.number, true);
    if (operation) await this.startRollout(tx, service, operation, data, release);
    await this.settler.settle(tx, service.uid, operation?.command);
  }

  private async startRollout(
    tx: Tx,
    service: StoredService,
    operation: RunningOperation,
    data: PlacedData,
    release: Release,
  ): Promise<void> {
    const now = this.clock.now();
    const split = data.assignments.map(({ cluster, replicas, reason }) => ({ cluster, replicas, reason }));
    const detail = split.map(({ cluster, replicas }) => `${cluster} ${replicas}`).join(', ');
    const fact = { name: 'split_replicas', state: 'done', detail: detail.slice(0, 500), split } as const;
    const { steps, changed } = mergeSteps(operation.steps, [fact], now);
    const rolloutAt = rolloutDeadlineAt(now, release.spec.rolloutDeadlineSeconds, operation.deadlineAt);
    const rolling = {
      ...operation,
      steps,
      phase: 'rolling' as const,
      generation: data.generation,
      rolloutDeadlineAt: rolloutAt,
    };
    await this.conductor.report(tx, service, rolling, changed);
  }

  /** Scale, split, start, stop, or what cluster-mgr goes on with by itself: replicas and epochs change, the release does not. */
  private async adjust(
    tx: Tx,
    service: StoredService,
    data: PlacedData,
    envelope: Envelope,
    running: readonly RunningOperation[],
  ): Promise<void> {
    const now = this.clock.now();
    const { operationId } = envelope;
    // A late answer for a candidate that came to nothing carries the operation that asked for it, and is no scale.
    const isOwn = operationId !== undefined && (await this.operations.isOwn(tx, operationId));
    const joined = running.find(({ id, conductor }) => id === operationId && conductor === 'cluster-mgr');
    const kind = operationId !== undefined && !isOwn ? (joined?.kind ?? adjustmentOf(service.placement, data)) : null;
    const change = kind ? { lastChange: lastChangeOf(kind, envelope, now) } : {};
    const after = { ...service, ...change, placement: placementOf(data), generation: data.generation };
    await this.services.save(tx, after, now);
    const targets = await this.writeTargets(tx, service, data, service.targetRelease ?? 0, false);
    if (kind) {
      // A second answer for the same operation: the second half of its move, or the way back when it was cancelled.
      if (joined) await this.operations.save(tx, { ...joined, generation: data.generation });
      else await this.join(tx, service, kind, data, envelope, running);
      if (!data.moving) await this.announcements.scaled(tx, after, targets, envelope);
    }
    await this.settler.settle(tx, service.uid, envelope);
  }

  private async join(
    tx: Tx,
    { key, uid }: StoredService,
    kind: OperationKind,
    { generation }: PlacedData,
    command: Envelope,
    running: readonly RunningOperation[],
  ): Promise<void> {
    const older = running.filter(({ conductor }) => conductor === 'cluster-mgr');
    await this.conductor.supersede(tx, { key, uid }, older, { kind, id: command.operationId ?? null });
    await this.conductor.join(tx, { kind, key, uid, command }, generation);
  }

  private async writeTargets(
    tx: Tx,
    service: StoredService,
    data: PlacedData,
    release: number,
    promotes: boolean,
  ): Promise<Target[]> {
    const present = await this.targets.of(tx, service.uid);
    const targets = targetsAfter(present, data, { release, restartToken: service.restartToken, promotes });
    await this.targets.write(tx, service.uid, service.key, targets);
    return targets;
  }

  /** No room for the candidate: the operation is refused, nothing was made, what ran keeps running. */
  async unplaceable(tx: Tx, { data, envelope }: Unplaceable): Promise<void> {
    const service = await this.services.lockByKey(tx, data.key);
    if (!service || service.uid !== data.uid || service.candidateRelease === null) return;
    const number = service.candidateRelease;
    const release = (await this.releases.some(tx, service.uid, [number])).get(number);
    if (!release || release.specVersion !== data.specVersion) return;
    const replicas = service.placement?.total ?? service.initial.replicas;
    const problem = capacityProblem(data.reasons, {
      replicas,
      size: release.spec.size,
      environment: service.environment,
    });
    const running = await this.operations.running(tx, service.uid);
    const operation = running.find(({ phase, release: made }) => phase === 'placing' && made === number);
    if (operation) await this.conductor.end(tx, service, operation, { state: 'refused', problem });
    await this.releases.drop(tx, service.uid, number);
    const after = { ...service, candidateRelease: null };
    if (service.targetRelease === null) return this.settler.remove(tx, after, operation?.command ?? envelope);
    await this.services.save(tx, after, this.clock.now());
    await this.settler.settle(tx, service.uid, operation?.command ?? envelope);
  }

  private async candidateOf(tx: Tx, service: StoredService | null): Promise<Release | undefined> {
    if (!service || service.candidateRelease === null) return undefined;
    return (await this.releases.some(tx, service.uid, [service.candidateRelease])).get(service.candidateRelease);
  }
}

function placementOf({ generation, total, stopped, policy, assignments, moving }: PlacedData): Placement {
  return { generation, total, stopped, policy, assignments, ...(moving && { moving }) };
}

/** cluster-mgr says what is so, not what was asked; the difference names the operation. */
function adjustmentOf(before: Placement | null, { total, stopped, policy }: PlacedData): OperationKind | null {
  if (stopped !== (before?.stopped ?? false)) return stopped ? 'service.stop' : 'service.start';
  if (total !== before?.total) return 'service.scale';
  return isSamePolicy(policy, before.policy) ? null : 'service.split';
}
