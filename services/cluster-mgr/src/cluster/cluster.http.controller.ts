import { routes, type Cluster } from '@berth/api';
import type { DataOf, readmitCluster, registerCluster, removeCluster } from '@berth/contracts';
import { Input, Preflight, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { ClusterReader } from './cluster.reader.js';
import { Clusters } from './cluster.service.js';

@Controller()
export class ClusterHttp {
  constructor(
    private readonly reader: ClusterReader,
    private readonly clusters: Clusters,
  ) {}

  @Serves(routes.listClusters)
  async listClusters(): Promise<{ items: Cluster[]; continue: null }> {
    return { items: await this.reader.list(), continue: null };
  }

  @Serves(routes.getCluster)
  getCluster(@Input() { params }: ServedInput<typeof routes.getCluster>): Promise<Cluster> {
    return this.reader.get(params.cluster);
  }

  @Preflight(routes.registerCluster)
  async registerCluster(
    @Input() { body }: ServedInput<typeof routes.registerCluster>,
  ): Promise<DataOf<typeof registerCluster>> {
    await this.clusters.checkRegistration(body);
    return body;
  }

  @Preflight(routes.readmitCluster)
  async readmitCluster(
    @Input() { params, body }: ServedInput<typeof routes.readmitCluster>,
  ): Promise<DataOf<typeof readmitCluster>> {
    await this.clusters.checkReadmission(params.cluster);
    return { name: params.cluster, cause: body.cause };
  }

  @Preflight(routes.removeCluster)
  async removeCluster(
    @Input() { params, query }: ServedInput<typeof routes.removeCluster>,
  ): Promise<DataOf<typeof removeCluster>> {
    await this.clusters.checkRemoval(params.cluster);
    return { name: params.cluster, cause: query.cause };
  }
}
