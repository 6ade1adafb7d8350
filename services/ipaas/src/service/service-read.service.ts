import {
  routes,
  type Release as ReleaseAnswer,
  type ResponseOf,
  type ServiceCause,
  type ServiceDetail,
  type ServiceListItem,
} from '@berth/api';
import { serviceKey, type ServiceState } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ImageService } from '../image/image.service.js';
import { imageVersionOf, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { Causes } from '../why/causes.js';
import { shownRelease } from './announcements.js';
import { fromCursor, toCursor } from './cursor.js';
import { OperationStore } from './operation.store.pg.js';
import { clusterReplicasOf } from './service-state.js';
import { missingReplicas } from './missing-replicas.js';
import { ServiceDetailStore } from './service-detail.store.pg.js';
import {
  ServiceListStore,
  type ListedService,
  type ListFilter,
  type UndeployedService,
} from './service-list.store.pg.js';
import { makesRelease } from './service.js';
import { ServiceStore } from './service.store.pg.js';

const ServiceCursor = z.tuple([z.string(), z.string(), z.string()]);
const UndeployedCursor = z.tuple([z.string(), z.string()]);
const ReleaseCursor = z.number().int();

/** The reading side: lists and pages, from tables only. */
@Injectable()
export class ServiceReadService {
  constructor(
    private readonly database: Database,
    private readonly services: ServiceStore,
    private readonly lists: ServiceListStore,
    private readonly details: ServiceDetailStore,
    private readonly releases: ReleaseStore,
    private readonly operations: OperationStore,
    private readonly causes: Causes,
    private readonly images: ImageService,
    private readonly clock: Clock,
  ) {}

  async list(
    { query }: ServedInput<typeof routes.listServices>,
    caller: Pick<Identity, 'scopes'>,
  ): Promise<ResponseOf<typeof routes.listServices>> {
    const { project = null, environment = null, state: states = null, search = null } = query;
    const scopes = caller.scopes === 'all' ? null : caller.scopes;
    const filter: ListFilter = { scopes, project, environment, states, search };
    const page =
      states?.length === 1 && states[0] === 'undeployed'
        ? await this.undeployed(filter, query.continue, query.limit)
        : await this.deployed(filter, query.continue, query.limit);
    const counts = await this.lists.counts(this.database, filter);
    return { ...page, counts, dataAsOf: this.clock.now().toISOString() };
  }

  async detail({ params }: ServedInput<typeof routes.getService>): Promise<ServiceDetail> {
    const key = serviceKey(params);
    const service = await this.services.byKey(this.database, key);
    const listed = await this.lists.one(this.database, key);
    if (!service || !listed) throw refuse('not_found', { what: `service ${key}` });
    const shown = shownRelease(service);
    const release = (await this.releases.some(this.database, service.uid, [shown])).get(shown ?? 0);
    const running = await this.operations.running(this.database, service.uid);
    const change = running.find((operation) => makesRelease(operation) && operation.release !== null);
    const candidate = change && {
      release: change.release ?? 0,
      operationId: change.id,
      deadlineAt: (change.rolloutDeadlineAt ?? change.deadlineAt).toISOString(),
    };
    const { placement } = service;
    const assignments = placement?.assignments.map((row) => ({ ...row, reason: row.reason.code })) ?? [];
    return {
      ...((await this.items([listed]))[0] as ServiceListItem),
      specVersion: service.specVersion,
      spec: release?.spec ?? null,
      resolvedImage: release?.image ?? null,
      placement: placement && { ...placement, assignments },
      candidate: candidate ?? null,
      addresses: await this.details.addresses(this.database, service.uid),
      externalChanges: await this.details.externalChanges(this.database, service.uid),
      missingReplicas: missingReplicas({
        ...listed,
        containers: await this.details.containers(this.database, service.uid),
        unreadySince: service.unreadySince,
      }),
      pause: service.pause,
      runningOperations: running.map(({ id }) => id),
      createdAt: service.createdAt.toISOString(),
    };
  }

  async listReleases({
    params,
    query,
  }: ServedInput<typeof routes.listReleases>): Promise<ResponseOf<typeof routes.listReleases>> {
    const service = await this.services.byKey(this.database, serviceKey(params));
    if (!service) throw refuse('not_found', { what: `service ${serviceKey(params)}` });
    const before = fromCursor(ReleaseCursor, query.continue);
    const rows = await this.releases.page(this.database, service.uid, before, query.limit + 1);
    const lastGood = await this.releases.lastGood(this.database, service.uid);
    const shown = rows.slice(0, query.limit);
    const present = await Promise.all(
      shown.map(({ image, spec }) => this.images.isThere(params, image, spec.registryCredential)),
    );
    const items = shown.map((release, index) =>
      releaseAnswer(release, service.liveRelease, lastGood, present[index] ?? 'unknown'),
    );
    return { items, continue: rows.length > shown.length ? toCursor(shown.at(-1)?.number) : null };
  }

  private async deployed(filter: ListFilter, cursor: string | undefined, limit: number): Promise<Page> {
    const rows = await this.lists.page(this.database, filter, fromCursor(ServiceCursor, cursor), limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > shown.length && last ? toCursor([last.project, last.environment, last.code]) : null;
    return { items: await this.items(shown), continue: more };
  }

  private async items(rows: readonly ListedService[]): Promise<ServiceListItem[]> {
    const causes = await this.causes.of(rows.filter(mayBeIll).map(({ uid }) => uid));
    return rows.map((row) => itemOf(row, causes.get(row.uid) ?? null));
  }

  /** Rows of the CMDB that nobody deployed: in the environment that is asked for, or anywhere. */
  private async undeployed(filter: ListFilter, cursor: string | undefined, limit: number): Promise<Page> {
    const rows = await this.lists.undeployed(this.database, filter, fromCursor(UndeployedCursor, cursor), limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > shown.length && last ? toCursor([last.project, last.code]) : null;
    return { items: shown.map((row) => undeployedItem(row, filter.environment)), continue: more };
  }
}

interface Page {
  readonly items: ServiceListItem[];
  readonly continue: string | null;
}

const illStates: readonly ServiceState[] = ['degraded', 'down', 'deploy_failed', 'unknown'];

/** One that runs, or is changed without trouble, needs no cause. */
function mayBeIll({ state, reason }: ListedService): boolean {
  return reason !== null || illStates.includes(state);
}

function itemOf(row: ListedService, cause: ServiceCause | null): ServiceListItem {
  const clusters = clusterReplicasOf(row.targets, row.observed);
  return {
    project: row.project,
    environment: row.environment,
    code: row.code,
    name: row.name,
    uid: row.uid,
    state: row.state,
    reason: row.reason,
    cause,
    stateSince: row.stateSince?.toISOString() ?? null,
    paused: row.paused,
    desired: clusters.reduce((total, { desired }) => total + desired, 0),
    ready: clusters.reduce((total, { desired, ready }) => total + Math.min(desired, ready), 0),
    clusters,
    image: row.image && imageVersionOf(row.image),
    release: row.release,
    size: row.size,
    restartsLastHour: row.restartsLastHour,
    lastChange: row.lastChange,
    owner: row.owner,
    cmdbId: row.cmdbId,
    unregistered: row.cmdbId === null,
  };
}

/** `environment` is empty when none was asked for: the row is about the service as such. */
function undeployedItem(row: UndeployedService, environment: string | null): ServiceListItem {
  return {
    ...row,
    environment: environment ?? '',
    uid: null,
    state: 'undeployed',
    reason: null,
    cause: null,
    stateSince: null,
    paused: false,
    desired: 0,
    ready: 0,
    clusters: [],
    image: null,
    release: null,
    size: null,
    restartsLastHour: 0,
    lastChange: null,
    unregistered: false,
  };
}

function releaseAnswer(
  release: Release,
  liveRelease: number | null,
  lastGood: number | null,
  imageInRegistry: ReleaseAnswer['imageInRegistry'],
): ReleaseAnswer {
  const { number, kind, fromRelease, spec, image, rendererVersion, actor, cause, result, operationId } = release;
  return {
    number,
    kind,
    from: fromRelease,
    spec,
    image,
    rendererVersion,
    actor: { id: actor.id, name: actor.name },
    cause,
    createdAt: release.createdAt.toISOString(),
    readyAt: release.readyAt?.toISOString() ?? null,
    readyAfterMs: release.readyAt && release.readyAt.getTime() - release.createdAt.getTime(),
    result,
    operationId,
    live: number === liveRelease,
    lastGood: number === lastGood,
    imageInRegistry,
  };
}
