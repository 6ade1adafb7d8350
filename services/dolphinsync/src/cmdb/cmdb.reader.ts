import {
  missing,
  type CatalogService,
  type CmdbCounts,
  type CmdbPush,
  type CmdbPushRow,
  type Project,
} from '@berth/api';
import { ProjectSlug } from '@berth/contracts';
import { refuse } from '@berth/platform/errors';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import * as store from './cmdb.store.pg.js';
import { keyAfter, pageOf, Position } from './page.js';
import * as pushStore from './push.store.pg.js';

interface Asked {
  readonly limit: number;
  readonly continue?: string | undefined;
}
interface Page<Item> {
  items: Item[];
  continue: string | null;
}

const Code = z.string().min(1).max(100);

/** Lists of what the CMDB said; one query a page. */
@Injectable()
export class CmdbReader {
  constructor(private readonly database: Database) {}

  /** Projects in which the caller may see at least one environment. */
  async projects(asked: Asked & { search?: string | undefined }, { scopes }: Identity): Promise<Page<Project>> {
    const slugs = scopes === 'all' ? null : [...new Set(scopes.map((scope) => scope.slice(0, scope.indexOf('/'))))];
    const { limit, search = null } = asked;
    const after = keyAfter(ProjectSlug, asked.continue);
    const rows = await store.projects(this.database, { slugs, search, after, limit: limit + 1 });
    return pageOf(rows, limit, (row) => row.slug, projectOf);
  }

  async services(project: string, asked: Asked): Promise<Page<CatalogService>> {
    const after = keyAfter(Code, asked.continue);
    const rows = await store.services(this.database, project, after, asked.limit + 1);
    return pageOf(
      rows,
      asked.limit,
      (row) => row.code,
      (row) => row,
    );
  }

  async pushes(asked: Asked & { source?: string | undefined }): Promise<Page<CmdbPush>> {
    const before = keyAfter(Position, asked.continue);
    const rows = await pushStore.pushes(this.database, asked.source ?? null, before, asked.limit + 1);
    return pageOf(rows, asked.limit, (row) => row.position, pushOf);
  }

  /** @throws ProblemError not_found, also when it is one of those that were forgotten */
  async push(id: string): Promise<CmdbPush> {
    const row = await pushStore.push(this.database, id);
    if (!row) throw refuse('not_found', missing('push', id));
    return pushOf(row);
  }

  async pushRows(
    id: string,
    asked: Asked & { kind?: string | undefined; change?: string | undefined },
  ): Promise<Page<CmdbPushRow>> {
    const { limit, kind = null, change = null } = asked;
    const after = keyAfter(Position, asked.continue);
    const rows = await pushStore.pushRows(this.database, id, { kind, change, after, limit: limit + 1 });
    return pageOf(
      rows,
      limit,
      ({ n }) => n,
      ({ body }) => body,
    );
  }
}

const noCounts: CmdbCounts = {
  created: 0,
  updated: 0,
  renamed: 0,
  moved: 0,
  retired: 0,
  restored: 0,
  waiting: 0,
  unchanged: 0,
  rejected: 0,
};

function projectOf({
  slug,
  code,
  name,
  lineCode,
  lineName,
  cmdbId,
  retired,
  allowsUnregistered,
  services,
}: store.ProjectRow): Project {
  return {
    slug,
    code,
    name,
    businessLine: { code: lineCode, name: lineName },
    cmdbId,
    retired,
    allowsUnregistered,
    services,
  };
}

function pushOf({ position: _, at, counts, ...push }: pushStore.PushRow): CmdbPush {
  return {
    ...push,
    at: at.toISOString(),
    counts: {
      businessLines: { ...noCounts, ...counts.businessLines },
      projects: { ...noCounts, ...counts.projects },
      services: { ...noCounts, ...counts.services },
    },
  };
}
