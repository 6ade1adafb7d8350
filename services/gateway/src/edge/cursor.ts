import { refuse } from '@berth/platform/errors';
import { z } from 'zod';

/** The opaque `continue` of a page, from the key of its last row. */
export function toCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads a cursor back; undefined for the first page. @throws ProblemError `bad_request` for one that is not ours */
export function fromCursor<Key extends z.ZodType>(cursor: string | undefined, schema: Key): z.output<Key> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  const message = 'it must come from the page before';
  throw refuse('bad_request', {}, { errors: [{ path: 'query.continue', code: 'invalid', message }] });
}

/** One page of rows that were asked for with one more than the limit. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keyOf: (row: Row) => readonly (string | number)[],
): { items: Item[]; continue: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    continue: rows.length > limit && last !== undefined ? toCursor(keyOf(last)) : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
