import type { CatalogService, CmdbPush, Project } from '@berth/api';
import { ProjectSlug } from '@berth/contracts';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import * as store from './cmdb.store.pg.js';
import { keyAfter, pageOf } from './page.js';

interface Asked {
  readonly limit: number;
  readonly continue?: string | undefined;
}
interface Page<Item> {
  items: Item[];
  continue: string | null;
}

const Position = z.coerce.number().int().positive();
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

  async pushes(asked: Asked): Promise<Page<CmdbPush>> {
    const before = keyAfter(Position, asked.continue);
    const rows = await store.pushes(this.database, before, asked.limit + 1);
    return pageOf(rows, asked.limit, (row) => row.position, pushOf);
  }
}

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

function pushOf({ position: _, at, ...push }: store.PushRow): CmdbPush {
  return { ...push, at: at.toISOString() };
}
