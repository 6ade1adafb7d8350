import { routes, type CmdbPush, type CmdbPushAnswer, type ResponseOf } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { actorOf } from './actor.js';
import { CmdbReader } from './cmdb.reader.js';
import { CmdbPushes } from './cmdb.service.js';

@Controller()
export class CmdbHttp {
  constructor(
    private readonly pushes: CmdbPushes,
    private readonly reader: CmdbReader,
  ) {}

  @Serves(routes.pushCmdb)
  pushCmdb(
    @Input() { body, query }: ServedInput<typeof routes.pushCmdb>,
    @Caller() caller: Identity,
  ): Promise<CmdbPushAnswer> {
    checkSource(caller, body.source);
    return this.pushes.push(body, { dryRun: query.dryRun === 'true', by: actorOf(caller) });
  }

  @Serves(routes.pushCmdbDelta)
  pushCmdbDelta(
    @Input() { body, query }: ServedInput<typeof routes.pushCmdbDelta>,
    @Caller() caller: Identity,
  ): Promise<CmdbPushAnswer> {
    checkSource(caller, body.source);
    return this.pushes.push(body, { dryRun: query.dryRun === 'true', by: actorOf(caller) });
  }

  @Serves(routes.tryCmdbPush)
  tryCmdbPush(
    @Input() { body, query }: ServedInput<typeof routes.tryCmdbPush>,
    @Caller() caller: Identity,
  ): Promise<CmdbPushAnswer> {
    return this.pushes.push(body, { dryRun: query.dryRun === 'true', by: actorOf(caller) });
  }

  @Serves(routes.listProjects)
  listProjects(
    @Input() { query }: ServedInput<typeof routes.listProjects>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.listProjects>> {
    return this.reader.projects(query, caller);
  }

  @Serves(routes.listCatalogServices)
  listCatalogServices(
    @Input() { params, query }: ServedInput<typeof routes.listCatalogServices>,
  ): Promise<ResponseOf<typeof routes.listCatalogServices>> {
    return this.reader.services(params.project, query);
  }

  @Serves(routes.listCmdbPushes)
  listCmdbPushes(
    @Input() { query }: ServedInput<typeof routes.listCmdbPushes>,
  ): Promise<ResponseOf<typeof routes.listCmdbPushes>> {
    return this.reader.pushes(query);
  }

  @Serves(routes.getCmdbPush)
  getCmdbPush(@Input() { params }: ServedInput<typeof routes.getCmdbPush>): Promise<CmdbPush> {
    return this.reader.push(params.push);
  }

  @Serves(routes.listCmdbPushRows)
  listCmdbPushRows(
    @Input() { params, query }: ServedInput<typeof routes.listCmdbPushRows>,
  ): Promise<ResponseOf<typeof routes.listCmdbPushRows>> {
    return this.reader.pushRows(params.push, query);
  }
}

/** @throws ProblemError `not_this_source` for a token that may push for another one only */
function checkSource({ source: only }: Identity, source: string): void {
  if (only !== undefined && only !== source) throw refuse('not_this_source', { only, source });
}
