import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { ClusterError, type ClusterErrorKind } from './errors.js';
import { parseJson } from './json.js';

/** The object with which Kubernetes answers when it says no; also sent inside a watch. */
export const statusSchema = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  details: z.object({ causes: z.array(z.object({ reason: z.string().optional() })).optional() }).optional(),
});

const kinds: Partial<Record<number, ClusterErrorKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  415: 'invalid',
  422: 'invalid',
  429: 'too_many_requests',
};

/** An answer that is not 2xx. */
export function errorFromAnswer(status: number, headers: IncomingHttpHeaders, body: string): ClusterError {
  const retryAfterS = Number(headers['retry-after']);
  const retryAfterMs = retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {};
  const parsed = readStatus(body);
  if (parsed) return errorFromStatus({ ...parsed, code: status }, retryAfterMs);
  // Not Kubernetes' own words: a proxy in between, or the kubelet's plain text behind a log request.
  return new ClusterError(kinds[status] ?? 'unreachable', body.slice(0, 500) || `HTTP ${status}`, {
    status,
    ...retryAfterMs,
  });
}

export function errorFromStatus(
  { code = 500, message, details }: z.output<typeof statusSchema>,
  extra: { readonly retryAfterMs?: number } = {},
): ClusterError {
  // After a restore from a backup the cluster's clock of versions went back: our position means nothing any more.
  const isFromTheFuture = details?.causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge');
  // Server-side apply answers 500 for a field that the schema does not have, though it is the object that is wrong.
  const isWrongObject = code === 500 && message?.startsWith('failed to create typed patch object');
  const kind = isFromTheFuture ? 'gone' : isWrongObject ? 'invalid' : (kinds[code] ?? 'unreachable');
  return new ClusterError(kind, message ?? `HTTP ${code}`, { status: code, ...extra });
}

/** Anything that was thrown on the way: network, TLS, time limit, text that is not what it should be. */
export function errorFromNetwork(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return new ClusterError('unreachable', 'the answer is not what Kubernetes answers', { cause: error });
  }
  return new ClusterError('unreachable', reasonOf(error), { cause: error });
}

/** The words of an error, those of each address that was tried included. */
export function reasonOf(error: unknown): string {
  const { message, errors } = errorShape.safeParse(error).data ?? {};
  // Several addresses were tried: the list says more than its own message, which is empty.
  return message || errors?.map(reasonOf).join('; ') || String(error);
}

/** What Node puts on its errors: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …; empty without one. */
export function codeOf(error: unknown): string {
  return errorShape.safeParse(error).data?.code ?? '';
}

const errorShape = z.object({
  message: z.string().optional(),
  code: z.string().optional(),
  errors: z.array(z.unknown()).optional(),
});

function readStatus(body: string): z.output<typeof statusSchema> | undefined {
  try {
    return parseJson(body, statusSchema);
  } catch {
    return undefined;
  }
}
