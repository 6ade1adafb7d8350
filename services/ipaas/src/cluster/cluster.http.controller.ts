import { routes } from '@berth/api';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { ClusterService } from './cluster.service.js';
import type { ClusterCredential } from './kubeconfig-check.js';

@Controller()
export class ClusterHttp {
  constructor(private readonly clusters: ClusterService) {}

  @Serves(routes.sealClusterCredential)
  sealClusterCredential(
    @Input() { body }: ServedInput<typeof routes.sealClusterCredential>,
    @Caller() caller: Identity,
  ): Promise<ClusterCredential> {
    return this.clusters.sealCredential(body.name, body.kubeconfig, caller.userName);
  }
}
