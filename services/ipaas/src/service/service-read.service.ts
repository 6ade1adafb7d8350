import {
  missing,
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
import { illRelease, imageVersionOf, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { Causes } from '../why/causes.js';
import { shownRelease } from './announcements.js';
import { fromCursor, toCursor } from './cursor.js';
import { OperationStore } from './operation.store.pg.js';
import { clusterReplicasOf, serviceStateOf, undeployed } from './service-state.js';
import { missingReplicas } from './missing-replicas.js';
import { ServiceDetailStore } from './service-detail.store.pg.js';
import {
  ServiceListStore,
  type ListedService,
  type ListFilter,
  type ListOrder,
  type ListPosition,
  type UndeployedService,
} from './service-list.store.pg.js';
import { makesRelease } from './service.js';
import { ServiceStore } from './service.store.pg.js';

/** Behind a service, or, in the part of the list that is not deployed, behind a service of the CMDB. */
const ListCursor = z.union([
  z.strictObject({ service: z.tuple([z.number(), z.number(), z.string(), z.string(), z.string()]) }),
  z.strictObject({ catalog: z.tuple([z.string(), z.string()]) }),
]);
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
    const { project = null, environment = null, state: states = null, search = null, code = null } = query;
    const { owner: owners = null, changedBy = null, order = 'name' } = query;
    const scopes = caller.scopes === 'all' ? null : caller.scopes;
    const filter: ListFilter = { scopes, project, environment, states, search, code, owners, changedBy };
    const page = await this.page(filter, order, query.continue, query.limit);
    const counts = await this.lists.counts(this.database, filter);
    return { ...page, counts, dataAsOf: this.clock.now().toISOString() };
  }

  async detail({ params }: ServedInput<typeof routes.getService>): Promise<ServiceDetail> {
    const key = serviceKey(params);
    const service = await this.services.byKey(this.database, key);
    const listed = await this.lists.one(this.database, key);
    if (!service || !listed) throw refuse('not_found', missing('service', key));
    const shown = shownRelease(service);
    const releases = await this.releases.some(this.database, service.uid, [shown, service.targetRelease]);
    const release = releases.get(shown ?? 0);
    const target = service.targetRelease === shown ? undefined : releases.get(service.targetRelease ?? 0);
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
      target: target ? targetAnswer(target) : null,
      candidate: candidate ?? null,
      addresses: await this.details.addresses(this.database, service.uid),
      externalChanges: await this.details.externalChanges(this.database, service.uid, this.clock.now()),
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
    if (!service) throw refuse('not_found', missing('service', serviceKey(params)));
    const before = fromCursor(ReleaseCursor, query.continue);
    const rows = await this.releases.page(this.database, service.uid, before, query.limit + 1);
    const lastGood = await this.releases.lastGood(this.database, service.uid, illRelease(service));
    const shown = rows.slice(0, query.limit);
    const present = await Promise.all(
      shown.map(({ image, spec }) => this.images.isThere(params, image, spec.registryCredential)),
    );
    const items = shown.map((release, index) =>
      releaseAnswer(release, service.liveRelease, lastGood, present[index] ?? 'unknown'),
    );
    return { items, continue: rows.length > shown.length ? toCursor(shown.at(-1)?.number) : null };
  }

  /** Services in their order, and behind the last of them what nobody deployed. */
  private async page(
    filter: ListFilter,
    order: ListOrder,
    continued: string | undefined,
    limit: number,
  ): Promise<Page> {
    const after = fromCursor(ListCursor, continued);
    if (after && 'catalog' in after) return this.undeployed(filter, after.catalog, limit);
    const page = await this.deployed(filter, order, after?.service ?? null, limit);
    const wantsCatalog = filter.states?.includes('undeployed') ?? true;
    if (page.continue !== null || !wantsCatalog) return page;
    const rest = await this.undeployed(filter, null, limit - page.items.length);
    return { items: [...page.items, ...rest.items], continue: rest.continue };
  }

  private async deployed(
    filter: ListFilter,
    order: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<Page> {
    const rows = await this.lists.page(this.database, filter, order, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > shown.length ? shown.at(-1) : undefined;
    const position = last && [last.rank, last.sinceMs, last.project, last.environment, last.code];
    return { items: await this.items(shown), continue: position ? toCursor({ service: position }) : null };
  }

  private async items(rows: readonly ListedService[]): Promise<ServiceListItem[]> {
    const causes = await this.causes.of(rows.filter(mayBeIll).map(({ uid }) => uid));
    return rows.map((row) => itemOf(row, causes.get(row.uid) ?? null));
  }

  /** Rows of the CMDB that nobody deployed: in the environment that is asked for, or anywhere. */
  private async undeployed(filter: ListFilter, after: readonly [string, string] | null, limit: number): Promise<Page> {
    const rows = await this.lists.undeployed(this.database, filter, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    // A page that services filled to the last row goes on with the first of these.
    const catalog = last ? [last.project, last.code] : ['', ''];
    const now = this.clock.now();
    return {
      items: shown.map((row) => undeployedItem(row, filter.environment, now)),
      continue: rows.length > shown.length ? toCursor({ catalog }) : null,
    };
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
    total: row.total,
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
function undeployedItem(row: UndeployedService, environment: string | null, now: Date): ServiceListItem {
  const { state, reason, desired, ready, clusters } = serviceStateOf(undeployed(now));
  return {
    ...row,
    environment: environment ?? '',
    uid: null,
    state,
    reason,
    cause: null,
    stateSince: null,
    paused: false,
    desired,
    ready,
    total: null,
    clusters,
    image: null,
    release: null,
    size: null,
    restartsLastHour: 0,
    lastChange: null,
    unregistered: false,
  };
}

function targetAnswer(release: Release): NonNullable<ServiceDetail['target']> {
  const { number, kind, result, spec, image, actor, createdAt, operationId } = release;
  return {
    release: number,
    kind,
    result,
    spec,
    resolvedImage: image,
    actor: { id: actor.id, name: actor.name },
    createdAt: createdAt.toISOString(),
    operationId,
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
