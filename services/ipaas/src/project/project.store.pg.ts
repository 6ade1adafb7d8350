import type { CatalogServiceStateData, ProjectStateData } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';

export interface KnownProject {
  readonly slug: string;
  readonly retired: boolean;
  readonly allowsUnregistered: boolean;
}

/** What the CMDB said, as dolphinsync's state streams tell it: tables `project` and `catalog_service`. */
@Injectable()
export class ProjectStore {
  async save(tx: Tx, project: ProjectStateData): Promise<void> {
    await tx.query(
      `insert into project (slug, code, name, business_line, retired, allows_unregistered, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (slug) do update set code = excluded.code, name = excluded.name,
         business_line = excluded.business_line, retired = excluded.retired,
         allows_unregistered = excluded.allows_unregistered, updated_at = excluded.updated_at`,
      [
        project.slug,
        project.code,
        project.name,
        JSON.stringify(project.businessLine),
        project.retired,
        project.allowsUnregistered,
        project.updatedAt,
      ],
    );
  }

  async remove(tx: Tx, slug: string): Promise<void> {
    await tx.query('delete from project where slug = $1', [slug]);
  }

  async saveService(tx: Tx, service: CatalogServiceStateData): Promise<void> {
    await tx.query(
      `insert into catalog_service (project, code, name, cmdb_id, owner, retired, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (project, code) do update set name = excluded.name, cmdb_id = excluded.cmdb_id,
         owner = excluded.owner, retired = excluded.retired, updated_at = excluded.updated_at`,
      [service.project, service.code, service.name, service.cmdbId, service.owner, service.retired, service.updatedAt],
    );
  }

  async removeService(tx: Tx, key: string): Promise<void> {
    await tx.query(`delete from catalog_service where project || '/' || code = $1`, [key]);
  }

  async project(tx: Pick<Tx, 'query'>, slug: string): Promise<KnownProject | null> {
    const rows = await tx.query<KnownProject>(
      'select slug, retired, allows_unregistered as "allowsUnregistered" from project where slug = $1',
      [slug],
    );
    return rows[0] ?? null;
  }

  /** True when the CMDB names the service now. */
  async isRegistered(tx: Pick<Tx, 'query'>, project: string, code: string): Promise<boolean> {
    const rows = await tx.query('select 1 from catalog_service where project = $1 and code = $2 and not retired', [
      project,
      code,
    ]);
    return rows.length > 0;
  }
}
