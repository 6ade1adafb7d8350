import type { ServiceCause } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { causeOf } from './situation.js';
import { WhyStore } from './why.store.pg.js';

/** Short causes of services that are not well, for a page of a list. */
@Injectable()
export class Causes {
  constructor(
    private readonly database: Database,
    private readonly store: WhyStore,
    private readonly clock: Clock,
  ) {}

  /** By uid; one that is well has none. */
  async of(uids: readonly string[]): Promise<ReadonlyMap<string, ServiceCause>> {
    const situations = await this.store.some(this.database, uids);
    const now = this.clock.now();
    return new Map(
      situations.flatMap((situation) => {
        const cause = causeOf(situation, now);
        return cause ? [[situation.uid, cause] as const] : [];
      }),
    );
  }
}
