import type { Tx } from '@berth/platform/postgres';

type Reader = Pick<Tx, 'query'>;

export const keepKeysMs = 24 * 60 * 60 * 1_000;

/** What a key stands for. */
export interface KeyRow {
  readonly userId: string;
  readonly key: string;
  readonly requestHash: string;
  readonly operationId: string;
  readonly target: string;
}

const columns = `user_id as "userId", key, request_hash as "requestHash", operation_id as "operationId", target`;

/** Table `idempotency_key`. */
export class IdempotencyStore {
  async find(reader: Reader, userId: string, key: string, now: Date): Promise<KeyRow | undefined> {
    const [row] = await reader.query<KeyRow>(
      `select ${columns} from idempotency_key where user_id = $1 and key = $2 and created_at > $3`,
      [userId, key, new Date(now.getTime() - keepKeysMs)],
    );
    return row;
  }

  /** Claims keys and gives, by operation id, the row that stands for each: the own one, or that of whoever came first. */
  async claim(tx: Reader, rows: readonly KeyRow[], now: Date): Promise<Map<string, KeyRow>> {
    if (rows.length === 0) return new Map();
    // One order for all copies, so that two groups cannot lock each other's keys crosswise.
    const sorted = [...rows].sort((a, b) => (`${a.userId} ${a.key}` < `${b.userId} ${b.key}` ? -1 : 1));
    const keys = [sorted.map(({ userId }) => userId), sorted.map(({ key }) => key)];
    await tx.query(
      `delete from idempotency_key where created_at <= $3
          and (user_id, key) in (select * from unnest($1::text[], $2::text[]))`,
      [...keys, new Date(now.getTime() - keepKeysMs)],
    );
    await tx.query(
      `insert into idempotency_key (user_id, key, request_hash, operation_id, target, created_at)
       select *, $6::timestamptz from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       on conflict (user_id, key) do nothing`,
      [
        ...keys,
        sorted.map(({ requestHash }) => requestHash),
        sorted.map(({ operationId }) => operationId),
        sorted.map(({ target }) => target),
        now,
      ],
    );
    const standing = await tx.query<KeyRow>(
      `select ${columns} from idempotency_key where (user_id, key) in (select * from unnest($1::text[], $2::text[]))`,
      keys,
    );
    const byKey = new Map(standing.map((row) => [`${row.userId} ${row.key}`, row]));
    return new Map(rows.map((row) => [row.operationId, byKey.get(`${row.userId} ${row.key}`) ?? row]));
  }

  async removeOld(reader: Reader, now: Date): Promise<void> {
    await reader.query('delete from idempotency_key where created_at <= $1', [new Date(now.getTime() - keepKeysMs)]);
  }
}
