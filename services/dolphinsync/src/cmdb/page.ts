import { refuse } from '@berth/platform/errors';
import { z } from 'zod';

/** Key of lists that are read by their place. */
export const Position = z.coerce.number().int().positive();

/** Where the page before ended: the last key, packed so that nobody builds on its form. */
export function continuationOf<Key extends string | number>(key: Key): string {
  return Buffer.from(String(key), 'utf8').toString('base64url');
}

/** @throws ProblemError bad_request when the text is not one of ours. */
export function keyAfter<S extends z.ZodType>(schema: S, text: string | undefined): z.output<S> | null {
  if (text === undefined) return null;
  const parsed = schema.safeParse(Buffer.from(text, 'base64url').toString('utf8'));
  if (!parsed.success)
    throw refuse(
      'bad_request',
      {},
      { errors: [{ path: 'query.continue', code: 'invalid', message: 'Not a page of this list.' }] },
    );
  return parsed.data;
}

/** A page of rows that were read one beyond the limit. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string | number,
  itemOf: (row: Row) => Item,
): { items: Item[]; continue: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), continue: rows.length > limit && last ? continuationOf(keyOf(last)) : null };
}
