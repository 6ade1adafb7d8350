import type { Database, Tx } from '@berth/platform/postgres';
import type { NewHint, StoredHint } from './feed.js';

type Reader = Pick<Tx, 'query'>;

/** Channel on which copies tell one another that there are new hints. */
export const feedChannel = 'berth_feed';
/** Any number, as long as all copies use the same. */
const numberingLock = 5_117_204_033;

/** Table `feed`. */
export class FeedStore {
  /** Adds hints in the transaction of the change; readers see them after its commit. */
  async add(tx: Reader, hints: readonly NewHint[]): Promise<void> {
    if (hints.length === 0) return;
    await tx.query(
      `insert into feed (kind, key, version, project, environment, at)
       select kind, key, version, project, environment, clock_timestamp()
         from json_to_recordset($1::json) as rows (kind text, key text, version bigint, project text, environment text)`,
      [JSON.stringify(hints)],
    );
    await tx.query(`select pg_notify('${feedChannel}', '')`);
  }

  /**
   * Numbers what is committed and has no number yet. Numbers are given under one lock, after the commit of their rows:
   * whoever has read up to a number has read all below it, which an identity column would not promise.
   */
  async number(database: Pick<Database, 'query' | 'transaction'>): Promise<void> {
    const unnumbered = 'select 1 from feed where seq is null limit 1';
    if ((await database.query(unnumbered)).length === 0) return;
    await database.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [numberingLock]);
      await tx.query(
        `with waiting as materialized (
           select position, row_number() over (order by position) as place from feed where seq is null
         ), numbers as materialized (
           select row_number() over (order by number) as place, number
             from (select nextval('feed_seq') as number from waiting) as taken
         )
         update feed set seq = numbers.number from waiting join numbers using (place)
          where feed.position = waiting.position`,
      );
      await tx.query(`select pg_notify('${feedChannel}', '')`);
    });
  }

  /** Hints above `after`, up to and with `upTo`, in order. */
  async read(reader: Reader, after: number, upTo: number | null, limit: number): Promise<StoredHint[]> {
    return reader.query<StoredHint>(
      `select seq, kind, key, version, project, environment from feed
        where seq > $1 and ($2::bigint is null or seq <= $2) order by seq limit $3`,
      [after, upTo, limit],
    );
  }

  /** Lowest and highest number that is kept; null when the feed is empty. */
  async bounds(reader: Reader): Promise<{ oldest: number | null; newest: number | null }> {
    const [row] = await reader.query<{ oldest: number | null; newest: number | null }>(
      'select min(seq) as oldest, max(seq) as newest from feed',
    );
    return row ?? { oldest: null, newest: null };
  }

  /** Forgets what is older, but never the newest: it tells how far the numbers have come. */
  async prune(reader: Reader, before: Date): Promise<void> {
    await reader.query('delete from feed where at < $1 and seq < (select max(seq) from feed)', [before]);
  }
}
