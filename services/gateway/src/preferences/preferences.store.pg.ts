import type { Tx } from '@berth/platform/postgres';

type Reader = Pick<Tx, 'query'>;

/** Table `user_preference`. */
export class PreferenceStore {
  async get(reader: Reader, userId: string): Promise<unknown> {
    const [row] = await reader.query<{ value: unknown }>('select value from user_preference where user_id = $1', [
      userId,
    ]);
    return row?.value;
  }

  async put(tx: Reader, userId: string, value: object, at: Date): Promise<void> {
    await tx.query(
      `insert into user_preference (user_id, value, saved_at) values ($1, $2, $3)
       on conflict (user_id) do update set value = excluded.value, saved_at = excluded.saved_at`,
      [userId, JSON.stringify(value), at],
    );
  }
}
