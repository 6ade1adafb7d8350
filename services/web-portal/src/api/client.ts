import { pathTo, problemOf, type ResponseOf, type Route } from '@berth/api';
import type { z } from 'zod';
import { ProblemError, readProblem } from './problem.js';

/** Parts of a call; params, query and body have the types of the route's row. */
export interface CallOptions<R extends Route> {
  readonly params?: z.input<R['params']>;
  readonly query?: Partial<z.input<R['query']>>;
  readonly body?: z.input<R['body']>;
  /** ETag of what the user saw. */
  readonly ifMatch?: string;
  /** One key per submit: a double click or a retry is one operation. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

let csrfToken: string | null = null;

/** The session's token against forged requests; goes with every change. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** A call by its row of the route table. Throws `ProblemError` for every refusal, status 0 when nothing answered. */
export async function call<R extends Route>(route: R, options: CallOptions<R> = {}): Promise<ResponseOf<R>> {
  return (await callWithEtag(route, options)).data;
}

/** Like `call`, with the ETag that a change has to send back as `ifMatch`. */
export async function callWithEtag<R extends Route>(
  route: R,
  options: CallOptions<R> = {},
): Promise<{ data: ResponseOf<R>; etag: string | null }> {
  const response = await send(route, options);
  // The gateway answers by the same row, so shapes are trusted in production and checked while developing.
  const body: unknown = await response.json().catch(() => null);
  const data = import.meta.env.DEV ? route.response.parse(body) : body;
  return { data: data as ResponseOf<R>, etag: response.headers.get('etag') };
}

/** Opens a streaming row (log lines); the caller reads the body. */
export async function openStream<R extends Route>(route: R, options: CallOptions<R>): Promise<ReadableStream> {
  const response = await send(route, options);
  if (!response.body) throw new ProblemError(problemOf('service_unavailable', { service: 'gateway' }), 0);
  return response.body;
}

async function send<R extends Route>(route: R, options: CallOptions<R>): Promise<Response> {
  const headers: Record<string, string> = { accept: route.streams ?? 'application/json' };
  const hasBody = options.body !== undefined;
  if (hasBody) headers['content-type'] = 'application/json';
  if (route.method !== 'GET' && csrfToken) headers['x-csrf-token'] = csrfToken;
  if (options.ifMatch) headers['if-match'] = options.ifMatch;
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const response = await fetch(urlOf(route, options), {
    method: route.method,
    headers,
    credentials: 'same-origin',
    ...(hasBody && { body: JSON.stringify(options.body) }),
    ...(options.signal && { signal: options.signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError(problemOf('service_unavailable', { service: 'gateway' }), 0);
  });
  if (!response.ok) throw await readProblem(response);
  return response;
}

/** Address of a call, with its query. */
export function urlOf<R extends Route>(route: R, options: Pick<CallOptions<R>, 'params' | 'query'>): string {
  const path = pathTo(route, (options.params ?? {}) as Record<string, string>);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {}))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
