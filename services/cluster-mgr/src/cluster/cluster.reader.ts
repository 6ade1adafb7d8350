import { missing, type Cluster as ClusterView } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { environmentClusters, type EnvironmentClusters } from '../placement/environments.js';
import * as placements from '../placement/placement.store.pg.js';
import * as store from './cluster.store.pg.js';
import { environmentsOf, viewOf } from './cluster.view.js';

/** Clusters for the page: a fixed number of queries, however many clusters and services there are. */
@Injectable()
export class ClusterReader {
  constructor(
    private readonly database: Database,
    @Inject(environmentClusters) private readonly allowed: EnvironmentClusters,
  ) {}

  async list(): Promise<ClusterView[]> {
    const rooms = await placements.rooms(this.database, await store.list(this.database), null);
    const [probes, placed] = await Promise.all([
      store.lastProbes(this.database),
      placements.placedByCluster(this.database),
    ]);
    return rooms.map((room) => {
      const { name } = room.cluster;
      return viewOf(room, {
        probe: probes.get(name) ?? null,
        placed: placed.get(name) ?? null,
        environments: environmentsOf(name, this.allowed),
      });
    });
  }

  async get(name: string): Promise<ClusterView> {
    const found = (await this.list()).find((cluster) => cluster.name === name);
    if (!found) throw refuse('not_found', missing('cluster', name));
    return found;
  }
}
