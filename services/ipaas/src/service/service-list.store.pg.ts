import type { LastChange, ResolvedImage, ServiceState, Size } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { Observed, Target } from './service.js';

/** A row of the services list as the database has it. */
export interface ListedService {
  readonly uid: string;
  readonly project: string;
  readonly environment: string;
  readonly code: string;
  readonly name: string;
  readonly state: ServiceState;
  readonly reason: string | null;
  readonly stateSince: Date | null;
  readonly paused: boolean;
  readonly release: number | null;
  readonly image: ResolvedImage | null;
  readonly size: Size | null;
  readonly lastChange: LastChange | null;
  readonly targets: readonly Target[];
  readonly observed: readonly Observed[];
  readonly restartsLastHour: number;
  readonly owner: string | null;
  readonly cmdbId: string | null;
}

export interface UndeployedService {
  readonly project: string;
  readonly code: string;
  readonly name: string;
  readonly owner: string | null;
  readonly cmdbId: string;
}

export interface ListFilter {
  /** `<project>/<environment>` entries that the caller may read; null for all. */
  readonly scopes: readonly string[] | null;
  readonly project: string | null;
  readonly environment: string | null;
  readonly states: readonly ServiceState[] | null;
  /** Part of the code or the name, any case. */
  readonly search: string | null;
}

const columns = `s.uid, s.project, s.environment, s.code, s.name, s.state, s.reason,
  s.state_since as "stateSince", s.pause is not null as paused, r.number as release, r.image,
  r.spec -> 'size' as size, s.last_change as "lastChange", c.owner, c.cmdb_id as "cmdbId",
  (select coalesce(json_agg(json_build_object('cluster', t.cluster, 'epoch', t.epoch, 'generation', t.generation,
     'release', t.release, 'replicas', t.replicas, 'restartToken', t.restart_token, 'halted', t.halted, 'phase', t.phase)), '[]')
   from service_target t where t.service_uid = s.uid) as targets,
  (select coalesce(json_agg(json_build_object('cluster', o.cluster, 'generation', o.generation, 'epoch', o.epoch,
     'release', o.release, 'restartToken', o.restart_token, 'replicas', o.replicas, 'updated', o.updated, 'ready', o.ready,
     'available', o.available, 'halted', o.halted, 'rolledOut', o.rolled_out, 'causeCode', o.cause_code,
     'causeDetail', o.cause_detail, 'fresh', o.fresh)), '[]')
   from service_observed o where o.service_uid = s.uid) as observed,
  (select count(*)::int from container k cross join unnest(k.restart_marks) as mark
   where k.service_uid = s.uid and k.ended_at is null and mark > now() - interval '1 hour') as "restartsLastHour"`;

const sources = `service s
  left join service_release r on r.service_uid = s.uid
    and r.number = coalesce(s.live_release, s.target_release, s.candidate_release)
  left join catalog_service c on c.project = s.project and c.code = s.code and not c.retired`;

/** `$1` scopes, `$2` project, `$3` environment, `$4` search. */
const inScope = `($1::text[] is null or s.project || '/' || s.environment = any($1))
  and ($2::text is null or s.project = $2) and ($3::text is null or s.environment = $3)
  and ($4::text is null or s.code ilike $4 or s.name ilike $4)`;

/** Registered, not deployed there (or, without an environment, nowhere), in a project that the caller may see. */
const undeployed = `catalog_service c
  where not c.retired and ($2::text is null or c.project = $2)
    and ($4::text is null or c.code ilike $4 or c.name ilike $4)
    and ($1::text[] is null or exists (select from unnest($1) as scope
      where scope like c.project || '/%' and ($3::text is null or scope = c.project || '/' || $3)))
    and not exists (select from service s where s.project = c.project and s.code = c.code
      and ($3::text is null or s.environment = $3))`;

/** The services list: every column of a page in one statement, whatever its length. */
@Injectable()
export class ServiceListStore {
  async page(
    tx: Pick<Tx, 'query'>,
    filter: ListFilter,
    after: readonly [string, string, string] | null,
    limit: number,
  ): Promise<ListedService[]> {
    return tx.query<ListedService>(
      `select ${columns} from ${sources}
       where ${inScope} and ($5::text[] is null or s.state = any($5))
         and ($6::text is null or (s.project, s.environment, s.code) > ($6, $7, $8))
       order by s.project, s.environment, s.code limit $9`,
      [...parametersOf(filter), filter.states, ...(after ?? [null, null, null]), limit],
    );
  }

  async one(tx: Pick<Tx, 'query'>, key: string): Promise<ListedService | null> {
    const rows = await tx.query<ListedService>(`select ${columns} from ${sources} where s.key = $1`, [key]);
    return rows[0] ?? null;
  }

  async undeployed(
    tx: Pick<Tx, 'query'>,
    filter: ListFilter,
    after: readonly [string, string] | null,
    limit: number,
  ): Promise<UndeployedService[]> {
    return tx.query<UndeployedService>(
      `select c.project, c.code, c.name, c.owner, c.cmdb_id as "cmdbId" from ${undeployed}
         and ($5::text is null or (c.project, c.code) > ($5, $6))
       order by c.project, c.code limit $7`,
      [...parametersOf(filter), ...(after ?? [null, null]), limit],
    );
  }

  /** Services per state, whatever state is asked for. */
  async counts(tx: Pick<Tx, 'query'>, filter: ListFilter): Promise<Partial<Record<ServiceState, number>>> {
    const rows = await tx.query<{ state: ServiceState; count: number }>(
      `select s.state, count(*)::int as count from service s where ${inScope} group by s.state
       union all
       select 'undeployed', count(*)::int from ${undeployed} having count(*) > 0`,
      parametersOf(filter),
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }
}

function parametersOf({ scopes, project, environment, search }: ListFilter): unknown[] {
  return [scopes, project, environment, search === null ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`];
}
