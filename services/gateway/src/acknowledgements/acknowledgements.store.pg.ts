import type { Tx } from '@berth/platform/postgres';
import type { Scopes } from '../rights/rights.js';

type Reader = Pick<Tx, 'query'>;

/** Somebody looks after an unwell service, as the table has it. */
export interface AcknowledgementRow {
  readonly target: string;
  readonly userId: string;
  readonly userName: string;
  readonly note: string | null;
  readonly at: Date;
  readonly until: Date;
}

const columns = `target, user_id as "userId", user_name as "userName", note, at, until`;

/** Table `acknowledgement`: one row a service, the latest. */
export class AcknowledgementStore {
  async put(tx: Reader, row: AcknowledgementRow): Promise<void> {
    const [project, environment] = row.target.split('/');
    await tx.query(
      `insert into acknowledgement (target, project, environment, user_id, user_name, note, at, until)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (target) do update set user_id = excluded.user_id, user_name = excluded.user_name,
         note = excluded.note, at = excluded.at, until = excluded.until`,
      [row.target, project, environment, row.userId, row.userName, row.note, row.at, row.until],
    );
  }

  /** False when there was none. */
  async remove(tx: Reader, target: string): Promise<boolean> {
    const rows = await tx.query('delete from acknowledgement where target = $1 returning target', [target]);
    return rows.length > 0;
  }

  /** Those that still hold, by target. */
  async list(reader: Reader, scopes: Scopes, now: Date, after: string, limit: number): Promise<AcknowledgementRow[]> {
    return reader.query<AcknowledgementRow>(
      `select ${columns} from acknowledgement
        where until > $1 and target > $2 and ($3::text[] is null or project || '/' || environment = any($3))
        order by target limit $4`,
      [now, after, scopes === 'all' ? null : scopes, limit],
    );
  }

  async removeOver(reader: Reader, now: Date): Promise<void> {
    await reader.query('delete from acknowledgement where until <= $1', [now]);
  }
}
