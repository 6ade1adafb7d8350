import type { Database, Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { pastContainers, type KeptMark } from './kept-log.js';

/** The end of one run's output. */
export interface KeptLog {
  readonly run: number;
  readonly lines: string;
  /** False when it was read before the container had ended: what it wrote last may be missing. */
  readonly isOver: boolean;
  readonly readAt: Date;
}

/** The only one who reads and writes `kept_log`. */
@Injectable()
export class KeptLogStore {
  /** What is kept of containers of a cluster that have not ended, by uid. */
  async marks(database: Database, cluster: string): Promise<Map<string, KeptMark>> {
    const rows = await database.query<KeptMark & { uid: string }>(
      `select distinct on (k.container_uid) k.container_uid as uid, k.run, k.is_over as "isOver"
       from kept_log k join container c on c.uid = k.container_uid
       where c.cluster = $1 and c.ended_at is null
       order by k.container_uid, k.run desc`,
      [cluster],
    );
    return new Map(rows.map(({ uid, run, isOver }) => [uid, { run, isOver }]));
  }

  /** Keeps a run, and of those before it one. False when the container itself is not in the table. */
  async save(tx: Tx, uid: string, { run, lines, isOver }: Omit<KeptLog, 'readAt'>): Promise<boolean> {
    const saved = await tx.query(
      // Later words replace earlier ones; a reading that found nothing, or came before the end, does not.
      `insert into kept_log (container_uid, run, lines, is_over)
       select uid, $2, $3, $4 from container where uid = $1
       on conflict (container_uid, run) do update set
         lines = case when excluded.lines = '' then kept_log.lines else excluded.lines end,
         is_over = excluded.is_over, read_at = excluded.read_at
       where excluded.is_over or not kept_log.is_over
       returning run`,
      [uid, run, lines, isOver],
    );
    await tx.query('delete from kept_log where container_uid = $1 and run < $2 - 1', [uid, run]);
    if (saved.length > 0) return true;
    const [known] = await tx.query('select from container where uid = $1', [uid]);
    return known !== undefined;
  }

  /** The latest run up to this one. */
  async find(database: Pick<Database, 'query'>, uid: string, run: number): Promise<KeptLog | null> {
    const [row] = await database.query<KeptLog>(
      `select run, lines, is_over as "isOver", read_at as "readAt" from kept_log
       where container_uid = $1 and run <= $2 order by run desc limit 1`,
      [uid, run],
    );
    return row ?? null;
  }

  /** Only the newest past containers of each service keep theirs, and none of a service that is gone. */
  async prune(database: Database): Promise<number> {
    const rows = await database.query<{ count: number }>(
      `with ranked as (
         select c.uid, s.uid is null as orphan, c.ended_at,
           row_number() over (partition by c.service_uid order by c.ended_at desc, c.uid desc) as place
         from container c left join service s on s.uid = c.service_uid where c.ended_at is not null),
       gone as (
         delete from kept_log using ranked
         where kept_log.container_uid = ranked.uid and (ranked.orphan or ranked.place > $1) returning 1)
       select count(*)::int as count from gone`,
      [pastContainers.mostWithLog],
    );
    return rows[0]?.count ?? 0;
  }
}
