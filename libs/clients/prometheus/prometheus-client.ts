import { instantOf, rangeOf, readBody } from './answer.js';
import { toPromQL } from './expression.js';
import type { AskOptions, PrometheusClient, PrometheusFailure } from './prometheus.js';

export interface PrometheusClientOptions {
  /** Where its HTTP API is, e.g. `http://prometheus:9090`; a path in front of `/api/v1` is kept. */
  readonly url: string;
  /** Sent as a bearer token, for a Prometheus behind a proxy. */
  readonly token?: string;
  /** For one whole call; default 5,000. Prometheus is told as well, so that it stops working on what nobody waits for. */
  readonly timeoutMs?: number;
  /** Larger answers are not read; default 64 MiB. */
  readonly maxBytes?: number;
}

type Body = ReturnType<typeof readBody>;

/** A client of a real Prometheus, or of what speaks its HTTP API (Thanos, Mimir, VictoriaMetrics). */
export function createPrometheusClient(options: PrometheusClientOptions): PrometheusClient {
  const { url, token, timeoutMs = 5_000, maxBytes = 64 * 1024 * 1024 } = options;
  const base = url.replace(/\/+$/, '');

  async function ask(
    path: string,
    parameters: Record<string, string>,
    { signal }: AskOptions,
  ): Promise<Body | PrometheusFailure> {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(`${base}/api/v1/${path}`, {
        method: 'POST',
        body: new URLSearchParams({ ...parameters, timeout: `${timeoutMs}ms` }),
        headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      return understood(await textOf(response, maxBytes), response.status);
    } catch (error) {
      return { kind: 'unreachable', detail: limit.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error) };
    }
  }

  return {
    async instant(query, atSeconds, given = {}) {
      const body = await ask('query', { query: toPromQL(query), time: String(atSeconds) }, given);
      return 'kind' in body ? body : (instantOf(body) ?? failureOf(body));
    },
    async range(query, grid, given = {}) {
      const { fromSeconds, toSeconds, stepSeconds } = grid;
      const parameters = { start: String(fromSeconds), end: String(toSeconds), step: String(stepSeconds) };
      const body = await ask('query_range', { query: toPromQL(query), ...parameters }, given);
      return 'kind' in body ? body : (rangeOf(body, grid) ?? failureOf(body));
    },
  };
}

/** Prometheus explains its refusals in JSON; a proxy in front of it does not. */
function understood(text: string, status: number): Body | PrometheusFailure {
  try {
    return readBody(text);
  } catch {
    return { kind: 'unreachable', detail: `status ${status} with an answer that is not of Prometheus` };
  }
}

/** `unavailable`, `timeout` and `internal` are of the moment; the rest is about the query. */
function failureOf(body: Body): PrometheusFailure {
  if (body.status === 'success') return { kind: 'unreachable', detail: `it answered with a ${body.data.resultType}` };
  const isOfTheMoment = ['unavailable', 'timeout', 'internal', 'canceled'].includes(body.errorType);
  return { kind: isOfTheMoment ? 'unreachable' : 'refused', detail: `${body.errorType}: ${body.error.slice(0, 300)}` };
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RangeError(`answer larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** fetch hides what happened (`ECONNREFUSED …`) in the cause; with several addresses, in the first error of the cause. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return reasonOf(error.errors[0]);
  if ('cause' in error && error.cause !== undefined) return reasonOf(error.cause);
  return 'message' in error ? String(error.message) : String(error);
}
