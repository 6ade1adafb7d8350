import { refuse } from '@berth/platform/errors';
import { z } from 'zod';
import type { Position } from './container.store.pg.js';

const schema = z.tuple([z.iso.datetime(), z.string().max(100)]);

/** A position as the opaque token of a page. */
export function tokenOf({ at, uid }: Position): string {
  return Buffer.from(JSON.stringify([at, uid])).toString('base64url');
}

/** Refuses a token that we did not make. */
export function positionOf(token: string | undefined): Position | null {
  if (token === undefined) return null;
  const [at, uid] = parse(token);
  return { at, uid };
}

function parse(token: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    const error = { path: 'query.continue', code: 'invalid', message: 'not a token of this list' };
    throw refuse('bad_request', {}, { errors: [error] });
  }
}
