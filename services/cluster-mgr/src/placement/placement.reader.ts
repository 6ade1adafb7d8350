import { missing, type PlacementPreview } from '@berth/api';
import { isSamePolicy, parseServiceKey, type PlacementPolicy, type Size } from '@berth/contracts';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import * as clusters from '../cluster/cluster.store.pg.js';
import { changed, type Change } from './change.js';
import { environmentClusters, type EnvironmentClusters } from './environments.js';
import type { Placement } from './placement.js';
import * as store from './placement.store.pg.js';
import { previewOf } from './preview.js';
import { currentOf, noRoomProblem, split, wishOf } from './room.js';

export interface Previewed {
  readonly size: Size;
  readonly replicas: number;
  readonly policy: PlacementPolicy;
}

/** Answers what would be decided now. Reserves nothing. */
@Injectable()
export class PlacementReader {
  constructor(
    private readonly database: Database,
    @Inject(environmentClusters) private readonly environments: EnvironmentClusters,
  ) {}

  /** `key` is a service that may run already: what it holds counts as free for it. */
  async preview(key: string, asked: Previewed): Promise<PlacementPreview> {
    const existing = await store.find(this.database, key);
    const rooms = await store.rooms(this.database, await clusters.list(this.database), key);
    const { environment } = parseServiceKey(key);
    const allowed = this.environments[environment] ?? null;
    const anew = existing !== null && !isSamePolicy(existing.policy, asked.policy);
    const wish = { environment, ...asked, allowed, current: existing ? currentOf(existing) : {}, anew };
    return previewOf(wish, rooms, split(wish, rooms));
  }

  /** The service that a change is for. @throws ProblemError when the change would be refused now. */
  async check(key: string, change: Change): Promise<Placement> {
    const existing = await store.find(this.database, key);
    if (!existing) throw refuse('not_found', missing('service', key));
    const wanted = changed(existing, change);
    if ('problem' in wanted) throw new ProblemError(wanted.problem);
    const wish = wishOf(wanted, false, this.environments, change.kind === 'service.split');
    const result = split(wish, await store.rooms(this.database, await clusters.list(this.database), key));
    if (result.kind === 'unplaceable') throw new ProblemError(noRoomProblem(wish, result.reasons));
    return existing;
  }
}
