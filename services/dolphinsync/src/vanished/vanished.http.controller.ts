import { routes, type CmdbPush, type CmdbVanished, type ResponseOf } from '@berth/api';
import { Clock } from '@berth/platform/clock';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { CmdbReader } from '../cmdb/cmdb.reader.js';
import { actorOf } from '../cmdb/actor.js';
import { keyAfter, pageOf } from '../cmdb/page.js';
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
    const { state = null, project = null, search = null, limit } = query;
    const now = this.clock.now();
    const filter = { project, search, limit: limit + 1 };
    const itemOf = (row: store.ListedRow) => vanishedOf(row, now);
    if (state === 'decided') {
      const before = keyAfter(Decided, query.continue);
      const rows = await store.decisions(this.database, { ...filter, before });
      return pageOf(rows, limit, decidedKey, itemOf);
    }
    const rows = await store.list(this.database, { ...filter, state, now, after: keyAfter(Place, query.continue) });
    return pageOf(rows, limit, (row) => row.key, itemOf);
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

/** Key of an open row: slug of a project, `slug/code` of a service. */
const Place = z.string().transform((key): [string, string] => {
  const [project = '', code = ''] = key.split('/');
  return [project, code];
});
const Decided = z
  .string()
  .regex(/^\d+ \d+$/)
  .transform((key): [Date, number] => {
    const [at, position] = key.split(' ').map(Number);
    return [new Date(at ?? 0), position ?? 0];
  });

function decidedKey({ closedAt, decidedAt, position }: store.ListedRow): string {
  return `${(closedAt ?? decidedAt)?.getTime() ?? 0} ${position}`;
}

function vanishedOf({ position: _, outcome, ...row }: store.ListedRow, now: Date): CmdbVanished {
  const { since, keptUntil, decidedAt, closedAt } = row;
  return {
    ...row,
    state: outcome ?? (keptUntil && keptUntil > now ? 'kept' : 'waiting'),
    since: since.toISOString(),
    keptUntil: keptUntil?.toISOString() ?? null,
    decidedAt: decidedAt?.toISOString() ?? null,
    closedAt: closedAt?.toISOString() ?? null,
  };
}
