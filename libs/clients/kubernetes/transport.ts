import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { ClusterConnection } from './connection.js';
import { ClusterError } from './errors.js';
import { errorFromAnswer, errorFromNetwork } from './failure.js';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: { readonly type: string; readonly value: unknown };
  readonly signal?: AbortSignal | undefined;
}

export interface TransportLimits {
  /** Whole time of an ordinary call, or until the head of a stream. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The only way to a cluster: verified TLS, kept connections, limits on time and size, typed failures. */
export interface Transport {
  /** Text of a 2xx answer. */
  call(request: CallRequest): Promise<string>;
  /** The open body of a 2xx answer: no limit on time or size from here on. */
  stream(request: CallRequest): Promise<IncomingMessage>;
  close(): void;
}

export function createTransport(connection: ClusterConnection, limits: TransportLimits): Transport {
  const { credential } = connection;
  const base = new URL(connection.server);
  const agent = openAgent(connection);
  const authorization = credential.kind === 'token' ? { authorization: `Bearer ${credential.token}` } : {};

  const send = (request: CallRequest, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const body = request.body && JSON.stringify(request.body.value);
      const outgoing = httpsRequest(urlOf(base, request), {
        agent,
        method: request.method,
        signal,
        headers: {
          accept: 'application/json',
          'user-agent': 'berth',
          ...authorization,
          // The length is not optional: without it Node sends the body of a DELETE unframed, and its preconditions are lost.
          ...(request.body &&
            body !== undefined && { 'content-type': request.body.type, 'content-length': Buffer.byteLength(body) }),
        },
      });
      outgoing.once('response', resolve);
      outgoing.once('error', (error: NodeJS.ErrnoException) => {
        // The cluster closed a kept connection just as it was used again; every call here is safe to repeat.
        const isStale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (isStale && !signal.aborted) send(request, signal).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });

  const open = async (request: CallRequest, controller: AbortController): Promise<IncomingMessage> => {
    const answer = await send(request, controller.signal);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw errorFromAnswer(status, answer.headers, await textOf(answer, 64 * 1024));
  };

  /** Runs `work` with a signal that the caller's signal and the time limit both abort. */
  const limited = async <T>(request: CallRequest, work: (controller: AbortController) => Promise<T>): Promise<T> => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort(new ClusterError('unreachable', `no answer within ${limits.timeoutMs} ms`));
    }, limits.timeoutMs);
    const stop = () => controller.abort(request.signal?.reason);
    request.signal?.addEventListener('abort', stop, { once: true });
    try {
      if (request.signal?.aborted) stop();
      return await work(controller);
    } catch (error) {
      throw errorFromNetwork(controller.signal.aborted ? controller.signal.reason : error);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', stop);
    }
  };

  return {
    call: (request) => limited(request, async (controller) => textOf(await open(request, controller), limits.maxBytes)),
    stream: async (request) => {
      const answer = await limited(request, (controller) => open(request, controller));
      const stop = () => answer.destroy();
      request.signal?.addEventListener('abort', stop, { once: true });
      answer.once('close', () => request.signal?.removeEventListener('abort', stop));
      if (request.signal?.aborted) stop();
      return answer;
    },
    close: () => agent.destroy(),
  };
}

/** Throws a ClusterError when the CA, certificate or key is no PEM. */
function openAgent({ caPem, credential, tlsServerName }: ClusterConnection): Agent {
  return new Agent({
    keepAlive: true,
    maxFreeSockets: 8,
    ca: caPem,
    // Explicit, so that no environment variable can turn it off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(tlsServerName ? { servername: tlsServerName } : {}),
    ...(credential.kind === 'certificate' ? { cert: credential.certPem, key: credential.keyPem } : {}),
  });
}

function urlOf(base: URL, { path, query = {} }: CallRequest): URL {
  const url = new URL(base.pathname.replace(/\/+$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

async function textOf(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ClusterError('unreachable', `answer larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
