import { routes, type CmdbPush, type CmdbVanished, type ResponseOf } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { CmdbReader } from '../cmdb/cmdb.reader.js';
import { actorOf } from '../cmdb/actor.js';
import { keyAfter, pageOf, Position } from '../cmdb/page.js';
import { VanishedService } from './vanished.service.js';
import * as store from './vanished.store.pg.js';

@Controller()
export class VanishedHttp {
  constructor(
    private readonly database: Database,
    private readonly vanished: VanishedService,
    private readonly reader: CmdbReader,
    private readonly clock: Clock,
  ) {}

  @Serves(routes.listCmdbVanished)
  async listCmdbVanished(
    @Input() { query }: ServedInput<typeof routes.listCmdbVanished>,
  ): Promise<ResponseOf<typeof routes.listCmdbVanished>> {
    const now = this.clock.now();
    const before = keyAfter(Position, query.continue);
    const rows = await store.list(this.database, { state: query.state ?? null, now, before, limit: query.limit + 1 });
    return pageOf(
      rows,
      query.limit,
      (row) => row.position,
      (row) => vanishedOf(row, now),
    );
  }

  @Serves(routes.decideCmdbVanished)
  decideCmdbVanished(
    @Input() { body }: ServedInput<typeof routes.decideCmdbVanished>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.decideCmdbVanished>> {
    return this.vanished.decide(body, actorOf(caller));
  }

  @Serves(routes.decideCmdbApproval)
  async decideCmdbApproval(
    @Input() { params, body }: ServedInput<typeof routes.decideCmdbApproval>,
    @Caller() caller: Identity,
  ): Promise<CmdbPush> {
    await this.vanished.approve(params.push, body.decision === 'approve', body.cause, actorOf(caller));
    return this.reader.push(params.push);
  }
}

function vanishedOf({ position: _, since, keptUntil, decidedAt, ...row }: store.ListedRow, now: Date): CmdbVanished {
  return {
    ...row,
    state: keptUntil && keptUntil > now ? 'kept' : 'waiting',
    since: since.toISOString(),
    keptUntil: keptUntil?.toISOString() ?? null,
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
