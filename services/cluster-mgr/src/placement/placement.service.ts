import { missing, problemOf } from '@berth/api';
import {
  placed,
  unplaceable,
  type cancelPlacementOperation,
  type DataOf,
  type Envelope,
  type Message,
  type OperationKind,
  type OperationStep,
  type placeService,
  type PlacedData,
  type Problem,
  type releasePlacement,
  type ServiceStateData,
  type UnplaceableData,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import * as clusters from '../cluster/cluster.store.pg.js';
import { cancelledEnd, type End, type Running } from '../operation/operation.js';
import { Operations } from '../operation/operations.js';
import { changed, type Change } from './change.js';
import { environmentClusters, type EnvironmentClusters } from './environments.js';
import {
  asAsked,
  decided,
  moved,
  placedOf,
  reservationsOf,
  settled,
  sharesOf,
  splitText,
  withEpoch,
  withoutSpec,
  type Decided,
  type Placement,
} from './placement.js';
import * as store from './placement.store.pg.js';
import { assignmentsOf, noRoomProblem, split, wishOf, type Room } from './room.js';

/** How long a scale, start or stop may take to settle. */
const operationDeadlineMs = 600_000;

type Decision =
  | { readonly kind: 'placed'; readonly placement: Placement }
  | { readonly kind: 'unplaceable'; readonly problem: Problem; readonly reasons: UnplaceableData['reasons'] };

/**
 * Decides where services run. Every decision is one transaction that first locks the clusters, so that what is counted as
 * reserved cannot change before the new reservation is written.
 */
@Injectable()
export class Placements {
  constructor(
    private readonly outbox: Outbox,
    private readonly operations: Operations,
    private readonly clock: Clock,
    @Inject(environmentClusters) private readonly environments: EnvironmentClusters,
  ) {}

  /** ipaas asks for a candidate spec. Its operation is ipaas's; the answer is an event. */
  async place({ envelope, data }: Message<DataOf<typeof placeService>>, tx: Tx): Promise<void> {
    const { key, uid, specVersion } = data;
    const registered = await clusters.lockAll(tx);
    const existing = await store.lock(tx, key);
    const asked = asAsked(existing, data);
    if (asked === 'stale') return;
    if (asked === 'unknown_service') {
      const reasons = registered.map(({ name }) => ({ cluster: name, code: 'unknown_service' }));
      return this.sayUnplaceable(tx, { key, uid, specVersion, reasons }, envelope);
    }
    const decision = this.decide(asked, await store.rooms(tx, registered, key), 'candidate');
    if (decision.kind === 'unplaceable')
      return this.sayUnplaceable(tx, { key, uid, specVersion, reasons: decision.reasons }, envelope);
    if (existing && existing.uid !== uid) await this.operations.supersede(tx, key, 'service.delete');
    await this.save(tx, decision.placement);
    await this.sayPlaced(tx, placedOf(decision.placement), envelope);
  }

  /** A candidate was dropped, or the service is gone. */
  async release({ envelope, data }: Message<DataOf<typeof releasePlacement>>, tx: Tx): Promise<void> {
    const { key, uid, specVersion } = data;
    await clusters.lockAll(tx);
    const existing = await store.lock(tx, key);
    if (!existing || existing.uid !== uid) return;
    if (specVersion === undefined) {
      await this.operations.supersede(tx, key, 'service.delete');
      return store.remove(tx, key);
    }
    const released = withoutSpec(existing, specVersion);
    if (!released) return;
    await this.save(tx, released);
    if (released.generation > existing.generation) await this.sayPlaced(tx, placedOf(released), envelope);
  }

  /** Scale, split, start or stop: conducted here, from the decision until everything of its generation runs. */
  async change(change: Change, { key, uid }: { key: string; uid: string }, envelope: Envelope, tx: Tx): Promise<void> {
    const registered = await clusters.lockAll(tx);
    const existing = await store.lock(tx, key);
    const refused = (problem: Problem) => this.operations.refuse(tx, envelope, change.kind, key, problem);
    if (!existing || existing.uid !== uid) return refused(problemOf('not_found', missing('service', key)));
    const wanted = changed(existing, change);
    if ('problem' in wanted) return refused(wanted.problem);
    const isSplit = change.kind === 'service.split';
    const decision = this.decide(wanted, await store.rooms(tx, registered, key), 'change', isSplit);
    if (decision.kind === 'unplaceable') return refused(decision.problem);
    await this.operations.supersede(tx, key, change.kind, envelope.operationId ?? null);
    await this.save(tx, decision.placement);
    await this.sayPlaced(tx, placedOf(decision.placement), envelope);
    await this.begin(tx, envelope, change.kind, existing, decision.placement);
  }

  /** Back to the total or policy before a scale, split, start or stop that still runs. Too late, or without room to go back, it changes nothing. */
  async cancel({ envelope, data }: Message<DataOf<typeof cancelPlacementOperation>>, tx: Tx): Promise<void> {
    const { key, operationId, cause = null } = data;
    const registered = await clusters.lockAll(tx);
    const existing = await store.lock(tx, key);
    const running = (await this.operations.runningOf(tx, key)).find((one) => one.operationId === operationId);
    const refused = (problem: Problem | null) => this.operations.refuseCancel(tx, envelope, data, problem);
    if (!existing || !running?.before || running.uid !== existing.uid) return refused(null);
    if (running.cancel) return;
    const { moving: wasMoving = false, ...before } = running.before;
    const by = wasMoving ? 'change' : 'back';
    const wasSplit = before.policy !== undefined;
    const decision = this.decide({ ...existing, ...before }, await store.rooms(tx, registered, key), by, wasSplit);
    if (decision.kind === 'unplaceable') return refused(decision.problem);
    const { placement } = decision;
    await this.save(tx, placement);
    await this.sayPlaced(tx, placedOf(placement), running.envelope);
    const actor = envelope.actor ?? { id: 'system', name: 'system', channel: 'system' };
    await this.operations.cancel(tx, running, { actor, cause }, placement.generation, [this.undoStep(placement)]);
  }

  private undoStep(placement: Placement): OperationStep {
    const assignments = meantOf(placement);
    const startedAt = this.clock.now().toISOString();
    return { name: 'undo', state: 'running', startedAt, detail: splitText(assignments), split: sharesOf(assignments) };
  }

  /** What ipaas says of a service: an operation whose generation has settled is done, a candidate is the live one. */
  async serviceSaid(said: ServiceStateData, tx: Tx): Promise<void> {
    const placement = await store.told(tx, said);
    if (!placement) return;
    const now = settled(placement, said);
    const next = moved(now);
    if (now !== placement && !next) await this.save(tx, now);
    const reached = (await this.operations.runningOf(tx, said.key)).filter(
      ({ uid, generation }) => uid === said.uid && (generation ?? Infinity) <= placement.settledGeneration,
    );
    if (next) return this.goOn(tx, next, reached);
    for (const running of reached) await this.operations.end(tx, running, this.endOf(running, said));
  }

  /** The second half of a move: everything runs where it shall, so that the clusters it leaves may let go. */
  private async goOn(tx: Tx, placement: Placement, running: readonly Running[]): Promise<void> {
    await this.save(tx, placement);
    for (const one of running) await this.operations.advance(tx, one, placement.generation);
    const { uid } = placement;
    const operation = running.at(-1)?.envelope;
    // Without an operation it is nobody's: the one that began the move has ended, at its deadline or by a newer one.
    await this.outbox.append(tx, placed, placedOf(placement), { uid, ...(operation && { causedBy: operation }) });
  }

  private endOf(running: Running, { ready }: Pick<ServiceStateData, 'ready'>): End {
    if (running.cancel) return cancelledEnd(running, running.cancel, ready);
    const at = this.clock.now().toISOString();
    const finish: OperationStep = { name: 'finish', state: 'done', startedAt: at, endedAt: at };
    return { state: 'succeeded', result: { replicas: ready }, steps: [finish] };
  }

  /** The state stream says that an incarnation is gone; its release should have come before. */
  async serviceGone(key: string, uid: string | undefined, tx: Tx): Promise<void> {
    const existing = await store.lock(tx, key);
    if (!existing || existing.uid !== uid) return;
    await this.operations.supersede(tx, key, 'service.delete');
    await store.remove(tx, key);
  }

  /** Keys of the services that have replicas there, or are leaving it. */
  async servicesIn(tx: Pick<Tx, 'query'>, cluster: string): Promise<string[]> {
    return store.keysIn(tx, cluster);
  }

  /** What runs in a readmitted cluster is claimed anew under its new epoch, so that it is no longer fenced off. */
  async renewEpoch(tx: Tx, cluster: string, epoch: number, causedBy: Envelope): Promise<void> {
    const sayings = [];
    for (const placement of await store.lockIn(tx, cluster)) {
      const renewed = withEpoch(placement, cluster, epoch);
      if (!renewed) continue;
      await this.save(tx, renewed);
      // Not the readmission's operation: its end does not wait for every service.
      const said = { uid: renewed.uid, correlationId: causedBy.correlationId };
      sayings.push(this.outbox.saying(placed, placedOf(renewed), said));
    }
    await this.outbox.appendAll(tx, sayings);
  }

  private decide(wanted: Placement, rooms: readonly Room[], by: Decided, anew = false): Decision {
    const wish = wishOf(wanted, by === 'candidate', this.environments, anew);
    const result = split(wish, rooms);
    if (result.kind === 'placed') {
      const ready = new Set(rooms.flatMap(({ cluster }) => (cluster.phase === 'ready' ? [cluster.name] : [])));
      const placement = decided(wanted, assignmentsOf(result, rooms), by, (cluster) => ready.has(cluster));
      return { kind: 'placed', placement };
    }
    const reasons = result.reasons.map(({ cluster, code, params }) => ({ cluster, code, params: { ...params } }));
    return { kind: 'unplaceable', problem: noRoomProblem(wish, result.reasons), reasons };
  }

  private async begin(
    tx: Tx,
    envelope: Envelope,
    kind: OperationKind,
    before: Placement,
    placement: Placement,
  ): Promise<void> {
    const at = this.clock.now().toISOString();
    const { key: target, uid, generation } = placement;
    const assignments = meantOf(placement);
    const done = { state: 'done', startedAt: at, endedAt: at } as const;
    const split = { ...done, detail: splitText(assignments), split: sharesOf(assignments) };
    const { total, stopped, policy, moving } = before;
    const isSplit = kind === 'service.split';
    await this.operations.begin(tx, envelope, {
      kind,
      target,
      uid,
      generation,
      deadlineMs: operationDeadlineMs,
      before: { total, stopped, ...(isSplit && { policy }), ...(moving && { moving: true }) },
      steps: [
        { name: 'check', ...done },
        { name: 'split_replicas', ...split },
      ],
      effect: isSplit
        ? { from: { policy }, to: { policy: placement.policy } }
        : { from: { replicas: wantedOf(before) }, to: { replicas: wantedOf(placement) } },
    });
  }

  private save(tx: Tx, placement: Placement): Promise<void> {
    return store.save(tx, placement, reservationsOf(placement), this.clock.now());
  }

  private async sayPlaced(tx: Tx, data: PlacedData, causedBy: Envelope): Promise<void> {
    await this.outbox.append(tx, placed, data, { uid: data.uid, causedBy });
  }

  private async sayUnplaceable(tx: Tx, data: UnplaceableData, causedBy: Envelope): Promise<void> {
    await this.outbox.append(tx, unplaceable, data, { uid: data.uid, causedBy });
  }
}

/** The split that is meant, also while a move to it is on its way. */
const meantOf = ({ assignments, moving }: Placement) => moving?.to ?? assignments;

/** Replicas that are to run; a stopped service keeps its total for the next start. */
const wantedOf = ({ stopped, total }: Placement) => (stopped ? 0 : total);
