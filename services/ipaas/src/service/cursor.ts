import { refuse } from '@berth/platform/errors';
import type { z } from 'zod';

/** Where the next page starts, opaque to the reader. */
export function toCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/** @throws ProblemError bad_request for a cursor that this list did not give. */
export function fromCursor<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | null {
  if (cursor === undefined) return null;
  const parsed = schema.safeParse(readJson(cursor));
  if (parsed.success) return parsed.data;
  const error = { path: 'query.continue', code: 'custom', message: 'This cursor is not from this list.' };
  throw refuse('bad_request', {}, { errors: [error] });
}

function readJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
