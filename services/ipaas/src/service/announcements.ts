import {
  parseServiceKey,
  publicServiceDeleted,
  publicServiceReleased,
  publicServiceScaled,
  serviceState,
  type Envelope,
  type ServiceStateData,
} from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { imageVersionOf, type Release } from '../release/release.js';
import type { StateOutput } from './service-state.js';
import type { StoredService } from './service.store.pg.js';
import type { Target } from './service.js';

/** What ipaas tells the mesh and the outside about services. */
@Injectable()
export class Announcements {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Sends the state when a reader would see a difference. Returns what was sent last, to be kept with the service. */
  async state(
    tx: Tx,
    service: StoredService,
    output: StateOutput,
    release: Release | null,
    causedBy: Envelope | undefined,
  ): Promise<string> {
    const record = stateRecord(service, output, release);
    const text = JSON.stringify(record);
    if (text === service.emitted) return text;
    await this.outbox.append(
      tx,
      serviceState,
      { ...record, updatedAt: this.clock.now().toISOString() },
      { uid: service.uid, ...(causedBy && { causedBy }) },
    );
    return text;
  }

  /** The key is free again. */
  async gone(tx: Tx, service: StoredService, causedBy: Envelope | undefined): Promise<void> {
    const said = { uid: service.uid, ...(causedBy && { causedBy }) };
    await this.outbox.tombstone(tx, serviceState, service.key, said);
    if (service.deleting) await this.outbox.append(tx, publicServiceDeleted, this.where(service), said);
  }

  async released(tx: Tx, service: StoredService, release: Release, causedBy: Envelope): Promise<void> {
    const { number, kind, image, cause } = release;
    const data = { release: number, kind, image: imageVersionOf(image), digest: image.digest, cause };
    await this.outbox.append(
      tx,
      publicServiceReleased,
      { ...this.where(service), ...data },
      { uid: service.uid, causedBy },
    );
  }

  async scaled(tx: Tx, service: StoredService, targets: readonly Target[], causedBy: Envelope): Promise<void> {
    const clusters = targets
      .filter((target) => target.phase === 'run')
      .map(({ cluster, replicas }) => ({ cluster, replicas }));
    const replicas = clusters.reduce((total, row) => total + row.replicas, 0);
    const said = { uid: service.uid, causedBy };
    await this.outbox.append(tx, publicServiceScaled, { ...this.where(service), replicas, clusters }, said);
  }

  private where(service: StoredService) {
    const scope = parseServiceKey(service.key);
    return {
      ...scope,
      uid: service.uid,
      at: this.clock.now().toISOString(),
      by: service.lastChange?.actor.name ?? 'system',
    };
  }
}

/** The record of the state stream, without its time: equal records are not sent again. */
export function stateRecord(
  service: StoredService,
  output: StateOutput,
  release: Release | null,
): Omit<ServiceStateData, 'updatedAt'> {
  return {
    key: service.key,
    uid: service.uid,
    name: service.name,
    state: output.state,
    reason: output.reason,
    desired: output.desired,
    ready: output.ready,
    clusters: output.clusters,
    specVersion: service.specVersion,
    appliedGeneration: service.appliedGeneration,
    settledGeneration: service.settledGeneration,
    release: release?.number ?? 0,
    image: release ? imageVersionOf(release.image) : null,
    size: release?.spec.size ?? null,
    lastChange: service.lastChange,
    ...(service.pause && { paused: true }),
  };
}

/** The release that a reader means by "what it is": what serves, or what is on its way to serve for the first time. */
export function shownRelease(
  service: Pick<StoredService, 'liveRelease' | 'targetRelease' | 'candidateRelease'>,
): number | null {
  return service.liveRelease ?? service.targetRelease ?? service.candidateRelease;
}
