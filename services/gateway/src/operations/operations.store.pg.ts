import type { Tx } from '@berth/platform/postgres';
import { placeOf } from '../feed/feed.js';
import type { Scopes } from '../rights/rights.js';
import type { OperationRow } from './operations.js';

type Reader = Pick<Tx, 'query'>;

const columns = `id, kind, target, state, actor, cause, accepted_at as "acceptedAt", started_at as "startedAt",
  ended_at as "endedAt", deadline_at as "deadlineAt", steps, effect, problem, result, correlation_id as "correlationId",
  cancel`;

export interface OperationFilter {
  readonly scopes: Scopes;
  readonly target?: string | undefined;
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: 'running' | 'ended' | 'failed' | undefined;
  readonly kind?: string | undefined;
  readonly actor?: string | undefined;
  readonly since?: string | undefined;
  readonly endedSince?: string | undefined;
  readonly search?: string | undefined;
  /** Key of the last row of the page before. */
  readonly after?: readonly [acceptedAt: string, id: string] | undefined;
  readonly limit: number;
}

/** Table `operation`. */
export class OperationStore {
  /** Adds rows; those that exist stay as they are. */
  async add(tx: Reader, rows: readonly OperationRow[]): Promise<void> {
    await tx.query(
      `insert into operation (id, kind, target, project, environment, state, actor, cause, accepted_at, deadline_at,
                              steps, correlation_id)
       select id, kind, target, project, environment, state, actor, cause, accepted_at, deadline_at, '[]', correlation_id
         from json_to_recordset($1::json) as rows (id text, kind text, target text, project text, environment text,
              state text, actor jsonb, cause text, accepted_at timestamptz, deadline_at timestamptz, correlation_id text)
       on conflict (id) do nothing`,
      [
        JSON.stringify(
          rows.map((row) => ({
            ...placeOf(row.target),
            id: row.id,
            kind: row.kind,
            target: row.target,
            state: row.state,
            actor: row.actor,
            cause: row.cause,
            accepted_at: row.acceptedAt,
            deadline_at: row.deadlineAt,
            correlation_id: row.correlationId,
          })),
        ),
      ],
    );
  }

  /** Locked until the commit. */
  async load(tx: Reader, id: string): Promise<OperationRow | undefined> {
    const [row] = await tx.query<OperationRow>(`select ${columns} from operation where id = $1 for update`, [id]);
    return row;
  }

  async save(tx: Reader, row: OperationRow): Promise<void> {
    await tx.query(
      `update operation set state = $2, started_at = $3, ended_at = $4, steps = $5, problem = $6, result = $7, effect = $8,
              cancel = $9
        where id = $1`,
      [
        row.id,
        row.state,
        row.startedAt,
        row.endedAt,
        JSON.stringify(row.steps),
        row.problem && JSON.stringify(row.problem),
        row.result && JSON.stringify(row.result),
        row.effect && JSON.stringify(row.effect),
        row.cancel && JSON.stringify(row.cancel),
      ],
    );
  }

  /** Running operations whose deadline was before `before`, locked; rows another copy is working on are left out. */
  async overdue(tx: Reader, before: Date, limit: number): Promise<OperationRow[]> {
    return tx.query<OperationRow>(
      `select ${columns} from operation where ended_at is null and deadline_at < $1
        order by deadline_at limit $2 for update skip locked`,
      [before, limit],
    );
  }

  async get(reader: Reader, id: string, scopes: Scopes): Promise<OperationRow | undefined> {
    const [row] = await reader.query<OperationRow>(
      `select ${columns} from operation where id = $1 and ($2::text[] is null or project || '/' || environment = any($2))`,
      [id, scopes === 'all' ? null : scopes],
    );
    return row;
  }

  /** Newest first. */
  async list(reader: Reader, filter: OperationFilter): Promise<OperationRow[]> {
    const [acceptedAt = null, id = null] = filter.after ?? [];
    return reader.query<OperationRow>(
      `select ${columns} from operation
        where ($1::text[] is null or project || '/' || environment = any($1))
          and ($2::text is null or target = $2)
          and ($3::text is null or project = $3)
          and ($4::text is null or environment = $4)
          and ($5::boolean is null or (ended_at is null) = $5)
          and (not $6 or state in ('failed', 'refused'))
          and ($7::text is null or kind = $7)
          and ($8::text is null or actor ->> 'id' = $8)
          and ($9::timestamptz is null or accepted_at >= $9)
          and ($10::timestamptz is null or ended_at >= $10)
          and ($11::text is null or target ilike $11 or actor ->> 'name' ilike $11)
          and ($12::timestamptz is null or (accepted_at, id) < ($12, $13::text))
        order by accepted_at desc, id desc limit $14`,
      [
        filter.scopes === 'all' ? null : filter.scopes,
        filter.target ?? null,
        filter.project ?? null,
        filter.environment ?? null,
        filter.state === undefined ? null : filter.state === 'running',
        filter.state === 'failed',
        filter.kind ?? null,
        filter.actor ?? null,
        filter.since ?? null,
        filter.endedSince ?? null,
        filter.search ? `%${filter.search.replace(/[\\%_]/g, '\\$&')}%` : null,
        acceptedAt,
        id,
        filter.limit,
      ],
    );
  }

  /** Of the same target: the nearest before and after, and what took its place; newest first. */
  async around(
    reader: Reader,
    { id, target, acceptedAt, problem }: OperationRow,
    each: number,
  ): Promise<OperationRow[]> {
    const by = problem?.code === 'superseded' ? (problem.params?.operationId ?? null) : null;
    return reader.query<OperationRow>(
      `select ${columns} from operation where id in (
         (select id from operation where target = $1 and (accepted_at, id) < ($2, $3)
           order by accepted_at desc, id desc limit $4)
         union
         (select id from operation where target = $1 and (accepted_at, id) > ($2, $3)
           order by accepted_at, id limit $4)
         union
         select id from operation where target = $1 and id = $5)
       order by accepted_at desc, id desc`,
      [target, acceptedAt, id, each, by],
    );
  }

  /** Median time in ms of the last 50 successes of each kind that has at least 3. */
  async medians(reader: Reader, kinds: readonly string[]): Promise<Map<string, number>> {
    const rows = await reader.query<{ kind: string; medianMs: number }>(
      `select wanted.kind, percentile_cont(0.5) within group (order by recent.ms) as "medianMs"
         from unnest($1::text[]) as wanted (kind), lateral (
           select extract(epoch from ended_at - accepted_at)::float8 * 1000 as ms from operation
            where kind = wanted.kind and state = 'succeeded' order by ended_at desc limit 50
         ) as recent
        group by wanted.kind having count(*) >= 3`,
      [[...new Set(kinds)]],
    );
    return new Map(rows.map(({ kind, medianMs }) => [kind, Math.round(medianMs)]));
  }
}
