import type { Topology } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { topologyOf } from './topology.js';
import { TopologyStore } from './topology.store.pg.js';

/** Which container runs on which node, of the services that the caller may see. */
@Injectable()
export class TopologyService {
  constructor(
    private readonly database: Database,
    private readonly store: TopologyStore,
    private readonly clock: Clock,
  ) {}

  async read(project: string | undefined, { scopes }: Pick<Identity, 'scopes'>): Promise<Topology> {
    const filter = { scopes: scopes === 'all' ? null : scopes, project: project ?? null };
    return topologyOf(await this.store.containers(this.database, filter), this.clock.now());
  }
}
