import { missing, type Container, type ResponseOf, type routes } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ContainerStore, type ListedContainer } from './container.store.pg.js';
import { positionOf, tokenOf } from './position.js';

/** Containers of a service, now and past. */
@Injectable()
export class ContainerService {
  constructor(
    private readonly database: Database,
    private readonly store: ContainerStore,
  ) {}

  async list(
    key: string,
    query: { readonly past: 'true' | 'false'; readonly limit: number; readonly continue?: string },
  ): Promise<ResponseOf<typeof routes.listContainers>> {
    const past = query.past === 'true';
    const uid = await this.uidOf(key);
    const rows = await this.store.page(this.database, uid, past, query.limit + 1, positionOf(query.continue));
    const items = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? items.at(-1) : undefined;
    const at = past ? last?.endedAt : last?.createdAt;
    return { items: items.map(shown), continue: last && at ? tokenOf({ at: at.toISOString(), uid: last.uid }) : null };
  }

  async find(key: string, cluster: string, name: string): Promise<ListedContainer> {
    const row = await this.store.byName(this.database, await this.uidOf(key), cluster, name);
    if (!row) throw refuse('not_found', missing('container', name));
    return row;
  }

  /** Refuses a service that does not exist. */
  async uidOf(key: string): Promise<string> {
    const uid = await this.store.serviceUid(this.database, key);
    if (!uid) throw refuse('not_found', missing('service', key));
    return uid;
  }
}

/** While a cluster is silent nobody knows; the last word and nothing else is kept. */
function shown({ fresh, namespace: _, ...row }: ListedContainer): Container {
  const isUnknown = !fresh && row.endedAt === null;
  return {
    ...row,
    ...(isUnknown && { state: 'unknown' as const, detail: null, detailEnd: null }),
    lastHeard: isUnknown ? row.state : null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
