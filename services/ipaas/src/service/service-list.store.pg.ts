import type { LastChange, ResolvedImage, ServiceState, Size } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { DatedObserved, Target } from './service.js';

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
  readonly total: number | null;
  readonly targets: readonly Target[];
  readonly observed: readonly DatedObserved[];
  readonly restartsLastHour: number;
  readonly owner: string | null;
  readonly cmdbId: string | null;
  readonly rank: number;
  readonly sinceMs: number;
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
  /** Exactly this code. */
  readonly code: string | null;
  /** Owned by one of them, or changed last by `changedBy`; both null for all. */
  readonly owners: readonly string[] | null;
  readonly changedBy: string | null;
}

export type ListOrder = 'name' | 'urgency';

/** Where a row stands in the order; the first two are 0 in the order of names. */
export type ListPosition = readonly [rank: number, sinceMs: number, project: string, environment: string, code: string];

const columns = `s.uid, s.project, s.environment, s.code, s.name, s.state, s.reason,
  s.state_since as "stateSince", s.pause is not null as paused, r.number as release, r.image,
  r.spec -> 'size' as size, s.last_change as "lastChange", (s.placement ->> 'total')::int as total, c.owner, c.cmdb_id as "cmdbId",
  (select coalesce(json_agg(json_build_object('cluster', t.cluster, 'epoch', t.epoch, 'generation', t.generation,
     'release', t.release, 'replicas', t.replicas, 'restartToken', t.restart_token, 'halted', t.halted, 'phase', t.phase)), '[]')
   from service_target t where t.service_uid = s.uid) as targets,
  (select coalesce(json_agg(json_build_object('cluster', o.cluster, 'generation', o.generation, 'epoch', o.epoch,
     'release', o.release, 'restartToken', o.restart_token, 'replicas', o.replicas, 'updated', o.updated, 'ready', o.ready,
     'available', o.available, 'halted', o.halted, 'rolledOut', o.rolled_out, 'causeCode', o.cause_code,
     'causeDetail', o.cause_detail, 'fresh', o.fresh, 'observedAt', o.observed_at)), '[]')
   from service_observed o where o.service_uid = s.uid) as observed,
  (select count(*)::int from container k cross join unnest(k.restart_marks) as mark
   where k.service_uid = s.uid and k.ended_at is null and mark > now() - interval '1 hour') as "restartsLastHour"`;

const sources = `service s
  left join service_release r on r.service_uid = s.uid
    and r.number = coalesce(s.live_release, s.target_release, s.candidate_release)
  left join catalog_service c on c.project = s.project and c.code = s.code and not c.retired`;

/** `$1` scopes, `$2` project, `$3` environment, `$4` search, `$5` code, `$6` owners, `$7` who changed it last. */
const inScope = `($1::text[] is null or s.project || '/' || s.environment = any($1))
  and ($2::text is null or s.project = $2) and ($3::text is null or s.environment = $3)
  and ($4::text is null or s.code ilike $4 or s.name ilike $4) and ($5::text is null or s.code = $5)
  and (($6::text[] is null and $7::text is null) or c.owner = any($6) or s.last_change -> 'actor' ->> 'id' = $7)`;

const byUrgency = {
  rank: `coalesce(array_position(array['prod', 'staging', 'test', 'dev'], s.environment), 9) * 10
    + coalesce(array_position(array['down', 'deploy_failed', 'unknown', 'degraded'], s.state), 9)`,
  sinceMs: `coalesce(extract(epoch from s.state_since) * 1000, 0)::float8`,
};

/** An order as SQL: what it sorts by, and the condition of being behind `$9` … `$13`. */
const orders = {
  name: {
    ...{ rank: '0', sinceMs: '0::float8' },
    by: 's.project, s.environment, s.code',
    after: '(s.project, s.environment, s.code) > ($11, $12, $13)',
  },
  urgency: {
    ...byUrgency,
    by: 'rank, "sinceMs", s.project, s.environment, s.code',
    after: `(${byUrgency.rank}, ${byUrgency.sinceMs}, s.project, s.environment, s.code) > ($9, $10, $11, $12, $13)`,
  },
} as const;

/** Registered, not deployed there (or, without an environment, nowhere), in a project that the caller may see. */
const undeployed = `catalog_service c
  where not c.retired and ($2::text is null or c.project = $2)
    and ($4::text is null or c.code ilike $4 or c.name ilike $4) and ($5::text is null or c.code = $5)
    and (($6::text[] is null and $7::text is null) or c.owner = any($6))
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
    order: ListOrder,
    after: ListPosition | null,
    limit: number,
  ): Promise<ListedService[]> {
    const { rank, sinceMs, by, after: isAfter } = orders[order];
    return tx.query<ListedService>(
      `select ${columns}, ${rank} as rank, ${sinceMs} as "sinceMs" from ${sources}
       where ${inScope} and ($8::text[] is null or s.state = any($8))
         and ($9::int is null or $10::float8 is null or ${isAfter})
       order by ${by} limit $14`,
      [...parametersOf(filter), filter.states, ...(after ?? [null, null, null, null, null]), limit],
    );
  }

  async one(tx: Pick<Tx, 'query'>, key: string): Promise<ListedService | null> {
    const rows = await tx.query<ListedService>(
      `select ${columns}, 0 as rank, 0 as "sinceMs" from ${sources} where s.key = $1`,
      [key],
    );
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
         and ($8::text is null or (c.project, c.code) > ($8, $9))
       order by c.project, c.code limit $10`,
      [...parametersOf(filter), ...(after ?? [null, null]), limit],
    );
  }

  /** Services per state, whatever state is asked for. */
  async counts(tx: Pick<Tx, 'query'>, filter: ListFilter): Promise<Partial<Record<ServiceState, number>>> {
    const rows = await tx.query<{ state: ServiceState; count: number }>(
      `select s.state, count(*)::int as count from ${sources} where ${inScope} group by s.state
       union all
       select 'undeployed', count(*)::int from ${undeployed} having count(*) > 0`,
      parametersOf(filter),
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }
}

function parametersOf({ scopes, project, environment, search, code, owners, changedBy }: ListFilter): unknown[] {
  const like = search === null ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return [scopes, project, environment, like, code, owners, changedBy];
}
