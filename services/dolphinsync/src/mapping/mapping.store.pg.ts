import type { CmdbLine, CmdbMapping } from '@berth/api';
import type { Tx } from '@berth/platform/postgres';

type Reader = Pick<Tx, 'query'>;

const lineColumns = `b.source, b.cmdb_id as "cmdbId", b.code, b.name, b.retired,
  (select count(*)::int from project p where p.source = b.source and p.line_id = b.cmdb_id and not p.retired) as projects,
  coalesce(y.cost_centre, b.cost_centre) as "costCentre",
  case when y.cost_centre is not null then 'here' when b.cost_centre is not null then 'cmdb' end as "costCentreFrom",
  y.by_name as "changedBy"`;
const lineSource = `business_line b left join line_payer y on y.source = b.source and y.cmdb_id = b.cmdb_id`;

/** Business lines that are there, and retired ones that still have a project. */
export function lines(tx: Reader): Promise<CmdbLine[]> {
  return tx.query<CmdbLine>(
    `select ${lineColumns} from ${lineSource}
     where not b.retired or exists (select from project p where p.source = b.source and p.line_id = b.cmdb_id and not p.retired)
     order by b.source, b.code limit 500`,
  );
}

export async function line(tx: Reader, source: string, cmdbId: string): Promise<CmdbLine | null> {
  const [row] = await tx.query<CmdbLine>(
    `select ${lineColumns} from ${lineSource} where b.source = $1 and b.cmdb_id = $2`,
    [source, cmdbId],
  );
  return row ?? null;
}

export async function savePayer(
  tx: Tx,
  payer: { source: string; cmdbId: string; costCentre: string | null; by: string; at: Date },
): Promise<void> {
  if (payer.costCentre === null)
    await tx.query('delete from line_payer where source = $1 and cmdb_id = $2', [payer.source, payer.cmdbId]);
  else
    await tx.query(
      `insert into line_payer (source, cmdb_id, cost_centre, by_name, at) values ($1, $2, $3, $4, $5)
       on conflict (source, cmdb_id) do update set cost_centre = $3, by_name = $4, at = $5`,
      [payer.source, payer.cmdbId, payer.costCentre, payer.by, payer.at],
    );
}

export interface MappingFilter {
  readonly project: string | null;
  readonly search: string | null;
  readonly show: 'all' | 'linked' | 'unlinked' | 'undeployed';
}

const reference = (alias: string) => `json_build_object('source', ${alias}.source, 'cmdbId', ${alias}.cmdb_id,
  'project', ${alias}.project, 'code', ${alias}.code, 'name', ${alias}.name, 'owner', ${alias}.owner,
  'retired', ${alias}.retired)`;

/** Services of the catalogue and services that run, side by side; one statement a page. */
export function mappings(
  tx: Reader,
  filter: MappingFilter,
  after: readonly [string, string] | null,
  limit: number,
): Promise<CmdbMapping[]> {
  return tx.query<CmdbMapping>(
    `with side as (
       select project, code from catalog_service where not retired
       union select project, code from running_service
     )
     select s.project, s.code, coalesce(c.name, e.name, (select min(r.name) from running_service r
         where r.project = s.project and r.code = s.code), s.code) as name,
       case when p.slug is null then null else json_build_object('code', p.line_code, 'name', p.line_name) end as "businessLine",
       coalesce(y.cost_centre, b.cost_centre) as "costCentre",
       case when c.code is not null then 'code' when e.code is not null then 'hand' else 'none' end as link,
       case when c.code is null then l.by_name end as "linkedBy",
       case when c.code is not null then ${reference('c')} when e.code is not null then ${reference('e')} end as cmdb,
       case when c.code is not null or e.code is not null then '[]'::json else
         (select coalesce(json_agg(${reference('x')}), '[]') from (select * from catalog_service g
            where g.code = s.code and g.project <> s.project and not g.retired order by g.project limit 5) x)
       end as suggestions,
       array(select k.project || '/' || k.code from service_link k
         where k.source = c.source and k.cmdb_id = c.cmdb_id order by 1) as linked,
       (select coalesce(json_agg(json_build_object('environment', r.environment, 'state', r.state, 'desired', r.desired,
          'ready', r.ready, 'clusters', r.clusters) order by r.environment), '[]')
        from running_service r where r.project = s.project and r.code = s.code) as environments
     from side s
     left join catalog_service c on c.project = s.project and c.code = s.code and not c.retired
     left join service_link l on l.project = s.project and l.code = s.code
     left join lateral (select * from catalog_service g where g.source = l.source and g.cmdb_id = l.cmdb_id
       order by g.retired limit 1) e on true
     left join project p on p.slug = s.project
     left join business_line b on b.source = p.source and b.cmdb_id = p.line_id
     left join line_payer y on y.source = p.source and y.cmdb_id = p.line_id
     where ($1::text is null or s.project = $1)
       and ($2::text is null or position(lower($2) in lower(concat_ws(' ', s.project, s.code, c.name, c.cmdb_id, e.name, e.cmdb_id,
         (select string_agg(r.name, ' ') from running_service r where r.project = s.project and r.code = s.code)))) > 0)
       and ($3 = 'all'
         or $3 = 'linked' and (c.code is not null or e.code is not null)
         or $3 = 'unlinked' and c.code is null and e.code is null
         or $3 = 'undeployed' and not exists (select from running_service r where r.project = s.project and r.code = s.code)
           and not exists (select from service_link k join running_service r on r.project = k.project and r.code = k.code
             where k.source = c.source and k.cmdb_id = c.cmdb_id))
       and ($4::text is null or (s.project, s.code) > ($4, $5))
     order by s.project, s.code limit $6`,
    [filter.project, filter.search, filter.show, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}
