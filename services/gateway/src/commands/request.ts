import type { Route } from '@berth/api';
import { refuse } from '@berth/platform/errors';
import { createHash } from 'node:crypto';

export const maxKeyLength = 200;
export const maxWaitSeconds = 60;

/** Version in an `If-Match` header: `"7"`. Null when it is not given and not needed. @throws ProblemError */
export function readIfMatch(route: Pick<Route, 'ifMatch'>, header: string | undefined): number | null {
  if (header === undefined) {
    if (route.ifMatch) throw refuse('if_match_required');
    return null;
  }
  const [, version] = header.trim().match(/^"(\d{1,15})"$/) ?? [];
  if (version !== undefined) return Number(version);
  if (!route.ifMatch) return null;
  throw badHeader('if-match', 'it must be the ETag that was read, e.g. "7"');
}

/** @throws ProblemError `bad_request` */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (/^[\x21-\x7e]+$/.test(header) && header.length <= maxKeyLength) return header;
  throw badHeader('idempotency-key', `1 to ${maxKeyLength} printable characters without spaces`);
}

/** Milliseconds of `Prefer: wait=N`, at most 60 s; 0 when it is not asked for. */
export function readWaitMs(header: string | undefined): number {
  const [, seconds] = header?.match(/(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?/i) ?? [];
  return Math.min(Number(seconds ?? 0), maxWaitSeconds) * 1_000;
}

/** Tells two requests with the same key apart. The order of fields does not matter. */
export function hashOfRequest(request: {
  route: string;
  params: unknown;
  query: unknown;
  body: unknown;
  ifVersion: number | null;
}): string {
  return createHash('sha256').update(canonical(request)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

function badHeader(name: string, message: string) {
  return refuse('bad_request', {}, { errors: [{ path: `header.${name}`, code: 'invalid_header', message }] });
}
