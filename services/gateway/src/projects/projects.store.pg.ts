import type { ProjectStateData } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import type { KnownProject } from '../rights/rights.js';

type Reader = Pick<Tx, 'query'>;

/** Table `project`: which business line a project belongs to, for bindings to a business line. */
export class ProjectStore {
  async save(tx: Reader, project: ProjectStateData): Promise<void> {
    await tx.query(
      `insert into project (slug, tenant, name, retired) values ($1, $2, $3, $4)
       on conflict (slug) do update set tenant = excluded.tenant, name = excluded.name, retired = excluded.retired`,
      [project.slug, project.businessLine.code, project.name, project.retired],
    );
  }

  async remove(tx: Reader, slug: string): Promise<void> {
    await tx.query('delete from project where slug = $1', [slug]);
  }

  /** Code of the project's business line, or undefined when the project is not known. */
  async tenantOf(reader: Reader, slug: string): Promise<string | undefined> {
    const [row] = await reader.query<{ tenant: string }>('select tenant from project where slug = $1', [slug]);
    return row?.tenant;
  }

  async all(reader: Reader): Promise<KnownProject[]> {
    return reader.query<KnownProject>('select slug, tenant from project order by slug');
  }
}
