import type { Cluster as ClusterView } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import * as placements from '../placement/placement.store.pg.js';
import * as store from './cluster.store.pg.js';
import { viewOf } from './cluster.view.js';

/** Clusters for the page: a fixed number of queries, however many clusters and services there are. */
@Injectable()
export class ClusterReader {
  constructor(private readonly database: Database) {}

  async list(): Promise<ClusterView[]> {
    const rooms = await placements.rooms(this.database, await store.list(this.database), null);
    const [probes, services] = await Promise.all([
      store.lastProbes(this.database),
      placements.servicesByCluster(this.database),
    ]);
    return rooms.map((room) => {
      const { name } = room.cluster;
      return viewOf(room, probes.get(name) ?? null, services.get(name) ?? 0);
    });
  }

  async get(name: string): Promise<ClusterView> {
    const found = (await this.list()).find((cluster) => cluster.name === name);
    if (!found) throw refuse('not_found', { what: `cluster ${name}` });
    return found;
  }
}
