import type { AuditRow } from '@berth/api';
import { environmentNames, type Actor } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { projectActions, targetsIn, type AuditEntry, type AuditWanted } from './audit.js';

type Reader = Pick<Tx, 'query'>;

interface Row {
  position: number;
  sequence: number | null;
  at: Date;
  actor_id: string;
  actor_name: string;
  actor_display: string | null;
  actor_channel: Actor['channel'];
  address: string | null;
  action: string;
  target: string;
  cause: string | null;
  result: AuditEntry['result'];
  problem_code: string | null;
  operation_id: string | null;
  correlation_id: string;
}

/** Table `audit`, append-only. Its rows are chained by `AuditChainer`, behind the write. */
export class AuditStore {
  /** @param written called after the commit of rows */
  constructor(private readonly written: () => void = () => undefined) {}

  async append(tx: Pick<Tx, 'query' | 'afterCommit'>, entries: readonly AuditEntry[], at: Date): Promise<void> {
    if (entries.length === 0) return;
    await tx.query(
      `insert into audit (at, actor_id, actor_name, actor_channel, address, action, target, cause, result,
                          problem_code, operation_id, correlation_id)
       select $2, actor_id, actor_name, actor_channel, address, action, target, cause, result, problem_code,
              operation_id, correlation_id
         from json_to_recordset($1::json) as rows (actor_id text, actor_name text, actor_channel text, address text,
              action text, target text, cause text, result text, problem_code text, operation_id text,
              correlation_id text)`,
      [JSON.stringify(entries.map(toRow)), at],
    );
    tx.afterCommit(this.written);
  }

  /** Newest first. */
  async list(reader: Reader, wanted: AuditWanted): Promise<AuditRow[]> {
    const { project, before, limit, actor, action, target, result, cause, from, to } = wanted;
    const prefixes = project ? targetsIn(project.slug, project.scopes, environmentNames) : null;
    const rows = await reader.query<Row>(
      `select a.position, a.sequence, a.at, a.actor_id, a.actor_name, u.name as actor_display, a.actor_channel,
              a.address, a.action, a.target, a.cause, a.result, a.problem_code, a.operation_id, a.correlation_id
         from audit a left join app_user u on u.id = a.actor_id
        where ($1::bigint is null or a.position < $1)
          and ($2::text is null or a.actor_name = $2
               or a.actor_id in (select id from app_user where strpos(lower(name), lower($2)) > 0))
          and ($3::text is null or a.action = $3)
          and ($4::text is null or a.target = $4 or a.target like $5)
          and ($6::text is null or a.result = $6)
          and ($7::text is null or strpos(lower(a.cause), lower($7)) > 0)
          and ($8::timestamptz is null or a.at >= $8)
          and ($9::timestamptz is null or a.at < $9)
          and ($10::text[] is null or (a.action = any($11)
               and (a.target = any($10) or exists (select 1 from unnest($10) p where starts_with(a.target, p || '/')))))
        order by a.position desc limit $12`,
      [
        before ?? null,
        actor ?? null,
        action ?? null,
        target ?? null,
        target === undefined ? null : `${target.replace(/[\\%_]/g, '\\$&')}/%`,
        result ?? null,
        cause ?? null,
        from ?? null,
        to ?? null,
        prefixes,
        projectActions,
        limit,
      ],
    );
    return rows.map(shown);
  }
}

/** PostgreSQL's text cannot hold U+0000, which JSON can; a name typed at the login may be anything. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}

function toRow(entry: AuditEntry): Record<string, unknown> {
  return {
    actor_id: entry.actor.id,
    actor_name: clean(entry.actor.name),
    actor_channel: entry.actor.channel,
    address: entry.address,
    action: entry.action,
    target: clean(entry.target),
    cause: entry.cause === null ? null : clean(entry.cause),
    result: entry.result,
    problem_code: entry.problemCode,
    operation_id: entry.operationId,
    correlation_id: entry.correlationId,
  };
}

function shown(row: Row): AuditRow {
  return {
    position: row.position,
    sequence: row.sequence,
    at: row.at.toISOString(),
    actor: {
      id: row.actor_id,
      name: row.actor_display ?? row.actor_name,
      username: row.actor_name,
      channel: row.actor_channel,
    },
    address: row.address,
    action: row.action,
    target: row.target,
    cause: row.cause,
    result: row.result,
    problemCode: row.problem_code,
    operationId: row.operation_id,
    correlationId: row.correlation_id,
  };
}
